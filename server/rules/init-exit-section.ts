// init-exit-section: what stays refers to what is freed after initialisation, or is not there in a built-in driver.
import { type SectionReference, sectionReferences } from "../analysis/sections.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Fix, Rule } from "./rule.ts";
import { edit, related } from "./wording.ts";

export const initExitSection: Rule = {
  id: "init-exit-section",
  severity: "warning",
  summary: "Code or data that stays refers to an __init or __exit function, which may be gone.",
  check(program) {
    const references = sectionReferences(program);
    return references.map((each): Finding => {
      const { name, mark, from, fromFunction, start, end } = each;
      // A table is right; what is wrong is the mark of what it names.
      const at = fromFunction ? { start, end } : mark;
      const there = fromFunction
        ? related(program, mark, `${name}${each.isData ? "" : "()"} is ${mark.name}`)
        : related(program, { start, end }, `\`${from.name}\` names it here`);
      return {
        rule: "init-exit-section",
        severity: "warning",
        message: message(each),
        file: program.path,
        function: fromFunction ? from.name : name,
        start: at.start,
        end: at.end,
        related: [there],
        fixes: fixes(program, each, references),
      };
    });
  },
};

function message({ name, section, mark, isData, called, from, fromFunction, member }: SectionReference): string {
  const what = isData ? `\`${name}\`` : `${name}()`;
  const who = fromFunction ? `${from.name}()` : `\`${from.name}\``;
  const refers = !fromFunction && member !== "" ? `has it as .${member}` : called ? "calls it" : "refers to it";
  const why = section === "init" ? "is freed after initialisation" : "is not there when the driver is built in";
  const isMarked = "annotations" in from && from.annotations.some((each) => /^__(init|exit)/.test(each.name));
  const stays = isMarked ? "" : " and stays";
  return `${what} is ${mark.name} and ${why}, but ${who} ${refers}${stays}`;
}

/** Without its mark it stays as well; not where it would then itself refer to what does not. */
function fixes(program: Program, each: SectionReference, all: readonly SectionReference[]): readonly Fix[] {
  const { mark, name } = each;
  const { text } = program.file;
  const def = program.functions.get(name)?.def;
  if (def === undefined || all.filter((other) => other.name === name).length > 1) return [];
  const marked = [...program.file.unit.functions, ...program.file.unit.variables].filter(
    (other) =>
      other.name !== name &&
      ("annotations" in other ? other.annotations : other.type.annotations).some(({ name: a }) =>
        /^__(init|exit)/.test(a),
      ),
  );
  const body = text.slice(def.body.start, def.end);
  if (marked.some((other) => new RegExp(`\\b${other.name}\\b`).test(body))) return [];
  const end = mark.end + /^[ \t]*/.exec(text.slice(mark.end))![0].length;
  return [
    {
      title: `Remove ${mark.name} from ${name}()`,
      edits: [edit(program, { start: mark.start, end }, "")],
      preferred: true,
    },
  ];
}
