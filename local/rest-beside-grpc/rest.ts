import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FileRegistry, fromJson, type JsonValue, toBinary } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import { errorBody } from '../grpc-codes.ts';
import { type HttpHandler, readBody, sendJson } from '../http.ts';
import { messageTypesOf } from './descriptors.ts';
import { createForwarder } from './forward.ts';
import { type BoundField, findRule, httpRulesOf } from './http-rules.ts';
import { RequestError, requestJson } from './request-json.ts';

export interface RestOptions {
  /** The client's protobuf description. */
  protoJson: object;
  /** Full names of the services whose methods are to be had over HTTP. */
  services: readonly string[];
  /** Where these services are served over gRPC, once they are. */
  grpcAddress(): string;
  /** Chooses between rules that fit the same path: false where this field cannot have this value. */
  accepts?: ((bound: BoundField) => boolean) | undefined;
  /** Answers what emulators have and Google's servers have not, such as emptying a database; undefined is no such call. */
  emulatorCall?: ((verb: string, path: string) => object | undefined) | undefined;
}

/**
 * The JSON form of gRPC services, by the same rules as Google's own servers have it: a request becomes a message, which goes to
 * the service over gRPC as any client's would. So the two forms cannot disagree.
 */
export function createRest(options: RestOptions): { handler: HttpHandler; close(): void } {
  const rules = httpRulesOf(options.protoJson, options.services);
  let types: FileRegistry | undefined;
  const forwarder = createForwarder(options.grpcAddress);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const verb = request.method ?? '';
    if (url.pathname === '/') return void response.end('Ok\n'); // As Google's emulators answer who waits for them.
    const own = understood(() => options.emulatorCall?.(verb, decodeURIComponent(url.pathname)));
    if (own) return sendJson(response, 200, own);
    const found = understood(() => findRule(rules, { verb, path: url.pathname }, options.accepts));
    if (!found) return refuseUnknown(response, verb, url.pathname);
    const { rule, bound } = found;
    if (rule.requestStream) {
      const why = `${rule.method} is a stream in both directions: call it over gRPC, on the same port.`;
      return refuse(response, status.UNIMPLEMENTED, why);
    }
    types ??= messageTypesOf(options.protoJson);
    const type = messageType(types, rule.requestType);
    const json = requestJson({
      rule,
      type,
      bound,
      query: url.searchParams,
      body: parsed(await readBody(request)),
    });
    const message = understood(() =>
      toBinary(type, fromJson(type, json, { registry: types as FileRegistry })),
    );
    const responseType = messageType(types, rule.responseType);
    await forwarder.forward({ rule, message, responseType, style: styleOf(url.searchParams) }, response);
  }

  return {
    handler: async (request, response) => {
      try {
        await serve(request, response);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        refuse(response, status.INVALID_ARGUMENT, error.message);
      }
    },
    close: forwarder.close,
  };
}

function messageType(types: FileRegistry, name: string) {
  const type = types.getMessage(name);
  if (!type) throw new Error(`the client's protobuf description has no message ${name}`);
  return type;
}

function refuse(response: ServerResponse, code: number, message: string): void {
  const body = errorBody(code, message);
  sendJson(response, body.error.code, body);
}

/** A method that Google may have, such as `:getIamPolicy`, is not implemented; another address is not there at all. */
function refuseUnknown(response: ServerResponse, verb: string, path: string): void {
  const [, method] = /:(\w+)$/.exec(path) ?? [];
  if (method === undefined) refuse(response, status.NOT_FOUND, `There is no method ${verb} ${path} here.`);
  else refuse(response, status.UNIMPLEMENTED, `The method ${method} is not served here: ${verb} ${path}`);
}

function parsed(body: Buffer): JsonValue | undefined {
  return body.length === 0 ? undefined : understood(() => JSON.parse(body.toString()));
}

/** The wording is Google's; what follows it is the parser's. */
function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RequestError(`Invalid JSON payload received. ${(error as Error).message}`);
  }
}

/** cloud.google.com/apis/docs/system-parameters; the clients of Google that speak REST ask for enums as numbers. */
function styleOf(query: URLSearchParams) {
  const alt = query.get('$alt') ?? query.get('alt') ?? 'json';
  if (!/^json(?:;enum-encoding=int)?$/.test(alt)) {
    throw new RequestError(`The answer is to be had as alt=json alone, not as alt=${alt}.`);
  }
  const isCompact = (query.get('prettyPrint') ?? query.get('$prettyPrint')) === 'false';
  return { enumAsInteger: alt.endsWith('=int'), indent: isCompact ? 0 : 2 };
}
