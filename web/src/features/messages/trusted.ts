/**
 * The one gate for HTML. The server renders Markdown itself and lets only an allow-list through;
 * the browser accepts HTML only from this policy, and only `MessageBody` uses it.
 */
interface Policy {
  createHTML(html: string): unknown;
}
interface Factory {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): Policy;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy('egida', { createHTML: (html) => html });

export function fromServer(html: string): string {
  return (policy ? policy.createHTML(html) : html) as string;
}
