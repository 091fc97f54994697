/** The text of a page that holds the panel and its data, and needs no server. */
import { DATA_BLOCK, blockId } from "./page_data";

export interface PageParts {
  readonly title: string;
  /** The panel's own code, an ES module. */
  readonly code: string;
  /** Of `createPageJson`. */
  readonly json: string;
  /** Base64. */
  readonly blocks: readonly string[];
  /** Unguessable: only what carries it is run. */
  readonly nonce: string;
}

/** Nothing may be fetched, and no script runs but the panel's: a name that would be one stays a name. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "media-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** In the order in which they stand; together the page. */
export function pageText({ title, code, json, blocks, nonce }: PageParts): readonly string[] {
  return [
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(nonce)}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
</head>
<body>
<script type="application/json" id="${DATA_BLOCK}">${json}</script>
`,
    ...blocks.map((text, block) => `<script type="text/plain" id="${blockId(block)}">${text}</script>\n`),
    `<script type="module" nonce="${nonce}">${scriptText(code)}</script>
</body>
</html>
`,
  ];
}

/** What would end the script, or begin a comment in it, stands in strings and patterns only: the same with the `<` escaped. */
function scriptText(code: string): string {
  return code.replaceAll(/<(?=\/script|!--|script)/gi, String.raw`\x3c`);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}

export function createNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
