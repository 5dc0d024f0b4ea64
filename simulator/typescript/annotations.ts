// Reads the type annotations of parameters: they say how the kernel's raw arguments become values.

import { declarationOf } from "./scope.ts";
import type { Node, Statement } from "./syntax.ts";

export type ParameterType =
  | { readonly kind: "integer"; readonly bits: 8 | 16 | 32; readonly signed: boolean }
  /** A bigint. */
  | { readonly kind: "long"; readonly signed: boolean }
  | { readonly kind: "bool" | "safe" | "user" | "iomem" | "string" | "unknown" }
  /** A pointer to what the name stands for: a struct or a scalar type; or to the first of several. */
  | { readonly kind: "reference"; readonly to: string; readonly isArray?: true };

const INT: ParameterType = { kind: "integer", bits: 32, signed: true };
const UNSIGNED: ParameterType = { kind: "integer", bits: 32, signed: false };
const UNKNOWN: ParameterType = { kind: "unknown" };

const NAMED: Readonly<Record<string, ParameterType>> = {
  IoMem: { kind: "iomem" },
  UserPtr: { kind: "user" },
  bool: { kind: "bool" },
  int: INT,
  u8: { kind: "integer", bits: 8, signed: false },
  s8: { kind: "integer", bits: 8, signed: true },
  u16: { kind: "integer", bits: 16, signed: false },
  s16: { kind: "integer", bits: 16, signed: true },
  u32: UNSIGNED,
  s32: INT,
  u64: { kind: "long", signed: false },
  s64: { kind: "long", signed: true },
  size_t: UNSIGNED,
  ssize_t: INT,
  loff_t: { kind: "safe" },
  sector_t: { kind: "safe" },
  blk_mode_t: UNSIGNED,
  blk_opf_t: UNSIGNED,
  blk_status_t: { kind: "integer", bits: 8, signed: false },
  long: INT,
  uint: UNSIGNED,
  ulong: UNSIGNED,
  char: { kind: "integer", bits: 8, signed: false },
  dev_t: UNSIGNED,
  ktime_t: { kind: "long", signed: true },
  dma_addr_t: UNSIGNED,
  Callback: UNKNOWN,
};

interface TypeNode extends Node {
  readonly typeAnnotation?: TypeNode;
  readonly types?: readonly TypeNode[];
  readonly typeName?: { readonly type: string; readonly name?: string };
  readonly exprName?: { readonly type: string; readonly name?: string };
  readonly typeArguments?: { readonly params: readonly TypeNode[] } | null;
}

/** Types that a file declares, by name: what an alias stands for, or the declaration of an interface. */
export type Aliases = ReadonlyMap<string, Node>;

export function aliasesOf(statements: readonly Statement[]): Aliases {
  const aliases = new Map<string, Node>();
  for (const statement of statements) {
    const node = declarationOf(statement) as { type: string; id?: { name: string }; typeAnnotation?: Node };
    if (node.type === "TSTypeAliasDeclaration") aliases.set(node.id!.name, node.typeAnnotation!);
    if (node.type === "TSInterfaceDeclaration") aliases.set(node.id!.name, node);
  }
  return aliases;
}

/** The type of a parameter as it was written, defaults and rest aside. */
export function parameterType(parameter: Node, aliases: Aliases): ParameterType {
  const node = parameter as { type: string; left?: Node; typeAnnotation?: { typeAnnotation?: TypeNode } | null };
  if (node.type === "AssignmentPattern") return parameterType(node.left!, aliases);
  if (node.type === "RestElement") return UNKNOWN;
  const type = node.typeAnnotation?.typeAnnotation;
  return type ? read(type, aliases, 0) : UNKNOWN;
}

function read(type: TypeNode, aliases: Aliases, depth: number): ParameterType {
  if (depth > 8) return UNKNOWN;
  switch (type.type) {
    case "TSNumberKeyword":
      return INT;
    case "TSBooleanKeyword":
      return { kind: "bool" };
    case "TSBigIntKeyword":
      return { kind: "long", signed: true };
    case "TSStringKeyword":
      return { kind: "string" };
    case "TSParenthesizedType":
      return read(type.typeAnnotation!, aliases, depth + 1);
    case "TSUnionType":
      for (const one of type.types!) {
        if (one.type !== "TSNullKeyword" && one.type !== "TSUndefinedKeyword") return read(one, aliases, depth + 1);
      }
      return UNKNOWN;
    case "TSTypeReference":
      return named(type, aliases, depth);
    default:
      return UNKNOWN;
  }
}

function named(type: TypeNode, aliases: Aliases, depth: number): ParameterType {
  const name = type.typeName?.name;
  if (name === undefined) return UNKNOWN;
  const alias = aliases.get(name);
  if (alias) return read(alias as TypeNode, aliases, depth + 1);
  if (Object.hasOwn(NAMED, name)) return NAMED[name]!;
  if (name !== "Ref" && name !== "Ptr") return name.endsWith("_t") ? INT : UNKNOWN;
  const to = type.typeArguments?.params[0];
  const isArray = to?.typeName?.name === "ArrayOf";
  const target = nameOf(isArray ? to.typeArguments?.params[0] : to);
  if (target === undefined) return UNKNOWN;
  return isArray ? { kind: "reference", to: target, isArray } : { kind: "reference", to: target };
}

/** `edu` or `typeof edu`. */
function nameOf(type: TypeNode | undefined): string | undefined {
  return type?.type === "TSTypeQuery" ? type.exprName?.name : type?.typeName?.name;
}
