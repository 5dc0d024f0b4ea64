// Which fixes are offered where, and which of them can be applied together.
import { describe, expect, test } from "vitest";
import type { Location, Range } from "vscode-languageserver-types";
import { type ActionPlaces, codeActions, compatibleEdits, fixAllKind } from "../../server/features/codeactions.ts";
import type { Edit, Finding, Fix } from "../../server/rules/rule.ts";
import type { Span } from "../../server/text/lines.ts";

const range = (start: number, end: number): Range => ({
  start: { line: 0, character: start },
  end: { line: 0, character: end },
});
/** Every file has one line; `lost.c` cannot be read. */
const locate = (file: string, span: Span): Location | undefined =>
  file === "lost.c" ? undefined : { uri: `file:///${file}`, range: range(span.start, span.end) };
const places: ActionPlaces = { locate, version: (uri) => (uri === "file:///a.c" ? 7 : null), versioned: true };

const edit = (start: number, end: number, text: string, file = "a.c"): Edit => ({ file, start, end, text });
const fix = (...edits: Edit[]): Fix => ({ title: "Fix it", preferred: true, edits });
const finding = (start: number, end: number, ...fixes: Fix[]): Finding => ({
  ...{ rule: "gfp-flag", severity: "warning", message: "m", file: "a.c", related: [], start, end, fixes },
});
const ask = (at: Range, only?: string[]) => ({ range: at, only, diagnostics: [], text: "\tspin_lock(&a->lock);\n" });

describe("compatibleEdits", () => {
  test("keeps edits that do not meet, and drops the later of two that do", () => {
    const fixes = [fix(edit(0, 4, "x")), fix(edit(2, 6, "y"), edit(30, 31, "z")), fix(edit(4, 8, "w"))];
    expect(compatibleEdits(fixes)).toEqual([edit(0, 4, "x"), edit(4, 8, "w")]);
  });
  test("takes an edit once that two fixes share", () => {
    const flags = edit(10, 10, "unsigned long flags;\n");
    expect(compatibleEdits([fix(flags, edit(20, 22, "a")), fix(flags, edit(30, 32, "b"))])).toEqual([
      flags,
      edit(20, 22, "a"),
      edit(30, 32, "b"),
    ]);
  });
  test("drops the later of two different insertions in one place", () => {
    expect(compatibleEdits([fix(edit(5, 5, "a")), fix(edit(5, 5, "b"))])).toEqual([edit(5, 5, "a")]);
  });
  test("does not mix up files", () => {
    const both = [edit(0, 4, "x"), edit(0, 4, "y", "b.c")];
    expect(compatibleEdits(both.map((one) => fix(one)))).toEqual(both);
  });
});

describe("codeActions", () => {
  const one = finding(10, 20, fix(edit(12, 14, "x")), { ...fix(edit(10, 20, "")), preferred: false, title: "Other" });

  test("offers every fix of a finding that the cursor touches", () => {
    expect(codeActions([one], ask(range(20, 20)), places).map((action) => [action.title, action.isPreferred])).toEqual([
      ["Fix it", true],
      ["Other", false],
      ["Allow gfp-flag here, with a reason", false],
    ]);
    expect(codeActions([one], ask(range(21, 30)), places)).toEqual([]);
  });
  test("names the version of an open document, and none of others", () => {
    const across = finding(0, 1, fix(edit(0, 1, "x"), edit(3, 4, "y", "b.c")));
    expect(codeActions([across], ask(range(0, 0)), places)[0]!.edit).toEqual({
      documentChanges: [
        { textDocument: { uri: "file:///a.c", version: 7 }, edits: [{ range: range(0, 1), newText: "x" }] },
        { textDocument: { uri: "file:///b.c", version: null }, edits: [{ range: range(3, 4), newText: "y" }] },
      ],
    });
  });
  test("uses the older form for clients that know no versions", () => {
    expect(codeActions([one], ask(range(10, 10)), { ...places, versioned: false })[0]!.edit).toEqual({
      changes: { "file:///a.c": [{ range: range(12, 14), newText: "x" }] },
    });
  });
  test("offers no half of a fix", () => {
    const half = finding(0, 1, fix(edit(0, 1, "x"), edit(0, 1, "y", "lost.c")));
    expect(codeActions([half], ask(range(0, 1)), places).map(({ title }) => title)).toEqual([
      "Allow gfp-flag here, with a reason",
    ]);
  });
  test("keeps to the kinds that were asked for", () => {
    const kinds = (...only: string[]) => codeActions([one], ask(range(10, 10), only), places).map(({ kind }) => kind);
    expect(kinds("quickfix")).toEqual(["quickfix", "quickfix", "quickfix"]);
    expect(kinds("source")).toEqual([fixAllKind]);
    expect(kinds("source.fixAll")).toEqual([fixAllKind]);
    expect(kinds("source.fixAll.driverlab")).toEqual([fixAllKind]);
    expect(kinds("source.organizeImports", "source.fixAll.other", "refactor")).toEqual([]);
  });
  test("fixes nothing where there is no preferred fix", () => {
    const unsure = finding(0, 1, { ...fix(edit(0, 1, "x")), preferred: false });
    expect(codeActions([unsure], ask(range(0, 1), ["source.fixAll"]), places)).toEqual([]);
  });
});
