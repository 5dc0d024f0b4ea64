// Finds which member of which table of callbacks stands at a place: the `probe` of `.probe = foo_probe`.
import type { Expr, InitializerItem } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Program } from "./program.ts";

export interface TableMember {
  /** `struct file_operations`. */
  readonly struct: string;
  /** With the path for nested ones: `driver.pm`. */
  readonly member: string;
}

/** `span` is that of the member's name. Undefined where the struct is no table of callbacks. */
export function tableMemberAt({ file, knowledge }: Program, span: Span): TableMember | undefined {
  const search = (struct: string, items: readonly InitializerItem[], prefix: string): TableMember | undefined => {
    if (knowledge.ops(struct) === undefined) return undefined;
    for (const { path, value } of items) {
      const member = [prefix, ...path].filter((part) => part !== "").join(".");
      if (/^\s*=\s*$/.test(file.text.slice(span.end, value.start))) return { struct, member };
      if (value.kind === "initializer" && contains(value, span)) return search(struct, value.items, member);
    }
    return undefined;
  };
  for (const { type, init } of file.unit.variables) {
    if (init?.kind !== "initializer" || !contains(init, span)) continue;
    if (type.dimensions.length === 0) return search(type.base, init.items, "");
    const element = init.items.find(({ value }) => contains(value, span))?.value;
    return element?.kind === "initializer" ? search(type.base, element.items, "") : undefined;
  }
  return undefined;
}

function contains(outer: Expr, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
