// How one entry of each kind is laid out on a line of its table.
import type { ExtractedFunction, ExtractedMember, ExtractedScope, Provenance } from "./extracted.ts";
import type { Context, Returns } from "./schema.ts";

export interface Entries {
  readonly functions: ExtractedFunction;
  readonly scopes: ExtractedScope;
  readonly members: ExtractedMember;
}

export type TableKind = keyof Entries;

/** The fields of a line but the last, still escaped. */
export type Fields = readonly string[];

export interface Layout<E> {
  /** A name as lines begin with it. */
  key(name: string): string;
  /** The name of which `key` was made. */
  name(key: string): string;
  /** `key`: what only one entry of a version may have. `shared`: the line but its last field. `own`: that of one version. */
  encode(entry: E): { readonly key: string; readonly shared: string; readonly own: string };
  decode(fields: Fields, own: string): E;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", ";": "\\s", ":": "\\c" };
const plain: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(escapes).map(([a, b]) => [b, a]));
const special = new RegExp(`[${"\\\\\\t\\n"};:]|[^\\x20-\\x7e]`, "g");

/** A line break ends an entry, a tab a field, a `;` an element of a list, a `:` the first half of a pair. */
function quote(text: string): string {
  return text.replace(special, (unit) => escapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function unquote(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\u(....)|\\./g, (all, code?: string) =>
    code === undefined ? (plain[all] ?? "") : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** `\e` stands for an empty element, so that a list of it is not the empty list. */
function list(elements: readonly string[]): string {
  return elements.map((element) => quote(element) || "\\e").join(";");
}

function unlist(field: string): string[] {
  return field === "" ? [] : field.split(";").map(unquote);
}

function pairs(of: readonly (readonly [string, string])[]): string {
  return of.map(([first, second]) => `${quote(first)}:${quote(second)}`).join(";");
}

function unpairs(field: string): [string, string][] {
  if (field === "") return [];
  return field.split(";").map((pair) => {
    const colon = pair.indexOf(":");
    return [unquote(pair.slice(0, colon)), unquote(pair.slice(colon + 1))];
  });
}

const kinds = ["function", "inline", "macro"] as const;
const exporteds = [undefined, "all", "gpl"] as const;

/**
 * Optional facts follow the fixed fields, each with its letter: `s` sleeps, `x` contexts, `r` returns, `g` gfpParam,
 * `a` acquires, `l` releases, `h` mustHold, `c` callbacks, `o` aliasOf; and one field `+` with those that are yes or no:
 * `v` variadic, `c` mustCheck, `m` managed, `n` noreturn, `d` deprecated.
 */
const functions: Layout<ExtractedFunction> = {
  key: quote,
  name: unquote,
  encode(entry) {
    const { sleeps, contexts, returns, acquires, releases, mustHold, callbacks, aliasOf } = entry;
    const flags = [
      entry.variadic && "v",
      entry.mustCheck && "c",
      entry.managed && "m",
      entry.noreturn && "n",
      entry.deprecated && "d",
    ];
    const optional: (string | false | undefined)[] = [
      flags.some(Boolean) && `+${flags.filter(Boolean).join("")}`,
      sleeps && `s${[sleeps.may, sleeps.by].join(":")}${sleeps.via === undefined ? "" : `:${list(sleeps.via)}`}`,
      contexts && `x${list(contexts)}`,
      returns && `r${returns.kind}:${returns.by}`,
      entry.gfpParam !== undefined && `g${entry.gfpParam}`,
      acquires && `a${list(acquires)}`,
      releases && `l${list(releases)}`,
      mustHold && `h${list(mustHold)}`,
      callbacks &&
        `c${callbacks.map(({ param, type }) => (type === undefined ? param : `${param}:${quote(type)}`)).join(";")}`,
      aliasOf !== undefined && `o${quote(aliasOf)}`,
    ];
    const parameters = pairs(entry.parameters.map(({ type, name }) => [type, name]));
    const offered = `${kinds.indexOf(entry.kind)}${exporteds.indexOf(entry.exported)}`;
    const key = quote(entry.name);
    return {
      key,
      shared: [key, offered, quote(entry.path), quote(entry.returnType), parameters, ...optional.filter(Boolean)].join(
        "\t",
      ),
      own: `${entry.line}:${entry.uses}${entry.tested === undefined ? "" : `:${entry.tested.times}/${entry.tested.of}`}`,
    };
  },
  decode([name = "", offered = "", path = "", returnType = "", parameters = "", ...optional], own) {
    const given = new Map(optional.map((field) => [field[0], field.slice(1)]));
    const flags = given.get("+") ?? "";
    const read = <T>(letter: string, as: (field: string) => T): T | undefined => {
      const field = given.get(letter);
      return field === undefined ? undefined : as(field);
    };
    const [line, uses, tested] = own.split(":");
    const [times, of] = (tested ?? "").split("/").map(Number);
    return present({
      name: unquote(name),
      kind: kinds[Number(offered[0])] ?? "function",
      exported: exporteds[Number(offered[1])],
      path: unquote(path),
      line: Number(line),
      returnType: unquote(returnType),
      parameters: unpairs(parameters).map(([type, name]) => ({ type, name })),
      variadic: yes(flags, "v"),
      aliasOf: read("o", unquote),
      sleeps: read("s", (field) => {
        const [may, by, via] = field.split(":") as [SleepKind, Provenance, string?];
        return via === undefined ? { may, by } : { may, by, via: unlist(via) };
      }),
      contexts: read("x", (field) => unlist(field) as Context[]),
      returns: read("r", (field) => {
        const [kind, by] = field.split(":") as [Returns, Provenance];
        return { kind, by };
      }),
      mustCheck: yes(flags, "c"),
      gfpParam: read("g", Number),
      acquires: read("a", unlist),
      releases: read("l", unlist),
      mustHold: read("h", unlist),
      callbacks: read("c", (field) =>
        (field === "" ? [] : field.split(";")).map((callback) => {
          const [param, type] = callback.split(":");
          return type === undefined ? { param: Number(param) } : { param: Number(param), type: unquote(type) };
        }),
      ),
      managed: yes(flags, "m"),
      noreturn: yes(flags, "n"),
      deprecated: yes(flags, "d"),
      uses: Number(uses),
      tested: times === undefined || of === undefined ? undefined : { of, times },
    });
  },
};

type SleepKind = NonNullable<ExtractedFunction["sleeps"]>["may"];

const scopes: Layout<ExtractedScope> = {
  key: quote,
  name: unquote,
  encode({ name, kind, path, line, type, enters, leaves, conditional }) {
    const key = `${quote(name)}\t${kind}`;
    const fields = [key, quote(path), quote(type), list(enters), list(leaves), conditional ? "1" : ""];
    return { key, shared: fields.join("\t"), own: String(line) };
  },
  decode([name = "", kind, path = "", type = "", enters = "", leaves = "", conditional], own) {
    return present({
      name: unquote(name),
      kind: kind as ExtractedScope["kind"],
      path: unquote(path),
      line: Number(own),
      type: unquote(type),
      enters: unlist(enters),
      leaves: unlist(leaves),
      conditional: yes(conditional ?? "", "1"),
    });
  },
};

const members: Layout<ExtractedMember> = {
  key: quote,
  name: unquote,
  encode({ struct, member, path, line, type }) {
    const key = `${quote(struct)}\t${quote(member)}`;
    return { key, shared: [key, quote(path), quote(type)].join("\t"), own: String(line) };
  },
  decode([struct = "", member = "", path = "", type = ""], own) {
    return {
      struct: unquote(struct),
      member: unquote(member),
      path: unquote(path),
      line: Number(own),
      type: unquote(type),
    };
  },
};

export const layouts: { readonly [K in TableKind]: Layout<Entries[K]> } = { functions, scopes, members };

function yes(flags: string, letter: string): true | undefined {
  return flags.includes(letter) ? true : undefined;
}

type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** Without the fields that are undefined. */
function present<T extends object>(given: T): Required<T> & Optional<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Required<T> &
    Optional<T>;
}
