// Expressions of Terraform: https://developer.hashicorp.com/terraform/language/expressions

export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'template'; parts: Expression[] }
  | { kind: 'name'; name: string }
  | { kind: 'get'; of: Expression; name: string }
  | { kind: 'index'; of: Expression; key: Expression }
  | { kind: 'splat'; of: Expression; each: Expression }
  | { kind: 'call'; name: string; arguments: Expression[]; spread: boolean }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'object'; items: [Expression, Expression][] }
  | ForExpression
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'unary'; operator: string; of: Expression }
  | { kind: 'conditional'; condition: Expression; yes: Expression; no: Expression };

export interface ForExpression {
  kind: 'for';
  key: string | undefined;
  value: string;
  over: Expression;
  resultKey: Expression | undefined;
  result: Expression;
  condition: Expression | undefined;
  grouped: boolean;
}

/** Stands for one element of a splat in its `each`. */
export const SPLAT_ELEMENT = '*';
