import { renderCommandLine } from './command-line.ts';
import { renderDataForms } from './data-forms.ts';
import { renderDependencies } from './dependencies.ts';
import { renderDeployed } from './deployed.ts';
import { renderFix } from './fix.ts';
import { renderGuarantees } from './guarantees.ts';
import { renderIssues } from './issues.ts';
import { renderManifest } from './manifest.ts';
import type { DocsPage } from './markdown.ts';
import { renderModels } from './models.ts';
import { renderOperations } from './operations.ts';
import { renderQueries } from './queries.ts';
import { renderRunEvents } from './run-events.ts';
import { renderSecurity } from './security.ts';
import { renderStates } from './states.ts';
import { renderStatusDocument } from './status-document.ts';
import { renderTokenCounts } from './token-counts.ts';
import { renderTuneSchema } from './tune-schema.ts';

/** Every page of docs/ that the code writes, and what follows from Terraform. */
export const PAGES: readonly DocsPage[] = [
  { path: 'docs/command-line.md', render: renderCommandLine },
  { path: 'docs/data-forms.md', render: renderDataForms },
  { path: 'docs/dependencies.md', render: renderDependencies },
  { path: 'docs/fix.md', render: renderFix },
  { path: 'docs/guarantees.md', render: renderGuarantees },
  { path: 'docs/issues.md', render: renderIssues },
  { path: 'docs/manifest.md', render: renderManifest },
  { path: 'docs/models.md', render: renderModels },
  { path: 'docs/operations.md', render: renderOperations },
  { path: 'docs/queries.md', render: renderQueries },
  { path: 'docs/run-events.md', render: renderRunEvents },
  { path: 'docs/security.md', render: renderSecurity },
  { path: 'docs/states.md', render: renderStates },
  { path: 'docs/status-document.md', render: renderStatusDocument },
  { path: 'docs/token-counts.md', render: renderTokenCounts },
  { path: 'docs/tune.schema.json', render: renderTuneSchema },
  { path: 'terraform/deployed.json', render: renderDeployed },
];
