// Which documents Driverlab looks at; the server itself decides whether they are kernel code.
import type { DocumentFilter } from "vscode";

const schemes = ["file", "untitled", "vscode-remote", "vscode-vfs"];

/** VS Code takes `.h` for C++, so that headers are known by their name. */
export const selector: { language?: string; scheme: string; pattern?: string }[] = schemes.flatMap((scheme) => [
  { language: "c", scheme },
  { scheme, pattern: "**/*.h" },
]) satisfies DocumentFilter[];
