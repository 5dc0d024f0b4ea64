// Quick fixes for single findings, a comment that allows one, and one action that applies every preferred fix of a file.
import type { CodeAction, Diagnostic, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import type { Edit, Finding, Fix } from "../rules/rule.ts";
import type { Locate } from "./diagnostics.ts";
import { allowance } from "./suppressions.ts";

export const fixAllKind = "source.fixAll.driverlab";

export interface ActionRequest {
  /** What the cursor or selection covers. */
  readonly range: Range;
  /** Kinds that the client asks for; undefined for all that concern the range. */
  readonly only: readonly string[] | undefined;
  /** The diagnostics that the client shows there; a fix names the ones it removes. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text that the findings stand in. */
  readonly text: string;
}

export interface ActionPlaces {
  readonly locate: Locate;
  /** Version of a document that is open in the client, else null. */
  readonly version: (uri: string) => number | null;
  /** False for clients that only know the older form of an edit, without versions. */
  readonly versioned: boolean;
}

/** A client that asks for `source` also wants `source.fixAll`. */
function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only?.some((asked) => kind === asked || kind.startsWith(`${asked}.`)) ?? false;
}

function meets(a: Range, b: Range): boolean {
  const before = (p: Range["start"], q: Range["start"]) =>
    p.line < q.line || (p.line === q.line && p.character < q.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}

/** Undefined when one of the places cannot be found: half a fix is worse than none. */
function workspaceEdit(edits: readonly Edit[], places: ActionPlaces): WorkspaceEdit | undefined {
  const byUri = new Map<string, TextEdit[]>();
  for (const edit of edits) {
    const place = places.locate(edit.file, edit);
    if (place === undefined) return undefined;
    const list = byUri.get(place.uri) ?? [];
    byUri.set(place.uri, [...list, { range: place.range, newText: edit.text }]);
  }
  if (!places.versioned) return { changes: Object.fromEntries(byUri) };
  return {
    documentChanges: [...byUri].map(([uri, list]) => ({
      textDocument: { uri, version: places.version(uri) },
      edits: list,
    })),
  };
}

function same(a: Edit, b: Edit): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
}

function overlap(a: Edit, b: Edit): boolean {
  if (a.file !== b.file) return false;
  return a.start < b.end && b.start < a.end ? true : a.start === b.start;
}

/** The preferred fixes that can be applied together; of two that collide the first one stays. */
export function compatibleEdits(fixes: readonly Fix[]): Edit[] {
  const taken: Edit[] = [];
  for (const fix of fixes) {
    const fresh = fix.edits.filter((edit) => !taken.some((other) => same(edit, other)));
    if (!fresh.some((edit) => taken.some((other) => overlap(edit, other)))) taken.push(...fresh);
  }
  return taken;
}

function allowing(text: string, finding: Finding): Fix[] {
  const edit = allowance(text, finding);
  if (edit === undefined) return [];
  return [{ title: `Allow ${finding.rule} here, with a reason`, edits: [edit], preferred: false }];
}

export function codeActions(findings: readonly Finding[], request: ActionRequest, places: ActionPlaces): CodeAction[] {
  const actions: CodeAction[] = [];
  if (request.only === undefined || wants(request.only, "quickfix")) {
    const met = findings.flatMap((finding) => {
      const place = places.locate(finding.file, finding);
      return place === undefined || !meets(place.range, request.range) ? [] : [{ finding, range: place.range }];
    });
    const offer = (fixesOf: (finding: Finding) => readonly Fix[]): void => {
      for (const { finding, range } of met) {
        const shown = request.diagnostics.filter(
          (diagnostic) => diagnostic.code === finding.rule && meets(diagnostic.range, range),
        );
        for (const fix of fixesOf(finding)) {
          const edit = workspaceEdit(fix.edits, places);
          if (edit === undefined) continue;
          actions.push({ title: fix.title, kind: "quickfix", diagnostics: shown, isPreferred: fix.preferred, edit });
        }
      }
    };
    // Whatever repairs something comes before what only allows it.
    offer((finding) => finding.fixes);
    offer((finding) => allowing(request.text, finding));
  }
  if (wants(request.only, fixAllKind)) {
    const preferred = findings.flatMap((finding) => finding.fixes.find((fix) => fix.preferred) ?? []);
    const edits = compatibleEdits(preferred);
    const edit = edits.length === 0 ? undefined : workspaceEdit(edits, places);
    if (edit !== undefined) actions.push({ title: "Fix all Driverlab findings", kind: fixAllKind, edit });
  }
  return actions;
}
