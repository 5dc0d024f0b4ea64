// The integer type in which C computes an expression, as on a 64-bit kernel; undefined wherever a declaration is not seen.
import type { Func, Program } from "../program/program.ts";
import type { Expr, TypeRef } from "../syntax/ast.ts";

export interface IntegerType {
  readonly bits: number;
  readonly signed: boolean;
}

const INT: IntegerType = { bits: 32, signed: true };

/** C's own integers and those of include/linux/types.h. */
const TYPES: ReadonlyMap<string, IntegerType> = new Map(
  (
    [
      [8, false, "u8,__u8,uint8_t,bool,_Bool,unsigned char,u_char"],
      [8, true, "s8,__s8,int8_t,char,signed char"],
      [16, false, "u16,__u16,uint16_t,ushort,u_short,unsigned short,unsigned short int"],
      [16, true, "s16,__s16,int16_t,short,short int,signed short"],
      [32, false, "u32,__u32,uint32_t,uint,u_int,unsigned,unsigned int"],
      [32, true, "s32,__s32,int32_t,int,signed,signed int"],
      [64, false, "u64,__u64,uint64_t,size_t,uintptr_t,ulong,resource_size_t,dma_addr_t,phys_addr_t,sector_t"],
      [64, false, "unsigned long,unsigned long int,unsigned long long,unsigned long long int"],
      [64, true, "s64,__s64,int64_t,ssize_t,loff_t,ptrdiff_t,ktime_t,long,long int,long long,long long int"],
    ] as const
  ).flatMap(([bits, signed, names]) => names.split(",").map((name): [string, IntegerType] => [name, { bits, signed }])),
);

/** The integer that a declared type is, through the driver's own typedefs. */
export function integerOf(program: Program, type: TypeRef | undefined, depth = 0): IntegerType | undefined {
  if (type === undefined || type.pointers > 0 || type.dimensions.length > 0 || type.callable || depth > 4)
    return undefined;
  const known = TYPES.get(type.base);
  if (known !== undefined) return known;
  const alias = program.types.typedef(type.base);
  return alias === undefined || alias.type.base === type.base ? undefined : integerOf(program, alias.type, depth + 1);
}

/** What the byte-order functions of include/linux/byteorder and asm/unaligned.h give: the bits of their result. */
export function fromWire(name: string): number | undefined {
  const match = /^(?:(?:__)?(?:le|be)(16|32|64)_to_cpup?|get_unaligned_(?:le|be)(16|32|64)|ntoh([sl]))$/.exec(name);
  if (match === null) return undefined;
  if (match[3] !== undefined) return match[3] === "s" ? 16 : 32;
  return Number(match[1] ?? match[2]);
}

export function integerTypeOf(program: Program, fn: Func, expr: Expr): IntegerType | undefined {
  const of = (each: Expr): IntegerType | undefined => integerTypeOf(program, fn, each);
  switch (expr.kind) {
    case "number": {
      const suffix = /[uUlL]*$/.exec(expr.text)?.[0].toLowerCase() ?? "";
      const value = Number(expr.text.slice(0, expr.text.length - suffix.length));
      if (Number.isNaN(value)) return expr.text.startsWith("'") ? INT : undefined;
      const signed = !suffix.includes("u");
      if (suffix.includes("l") || value > 0xffffffff) return { bits: 64, signed };
      return value > 0x7fffffff ? { bits: 32, signed: false } : { bits: 32, signed };
    }
    case "sizeof":
      return { bits: 64, signed: false };
    case "cast":
      return integerOf(program, expr.type);
    case "unary":
      if (expr.op === "!") return INT;
      if (expr.op === "-" || expr.op === "~" || expr.op === "+") return promoted(of(expr.operand));
      break;
    case "conditional":
      return usual(expr.consequence === undefined ? of(expr.test) : of(expr.consequence), of(expr.otherwise));
    case "binary":
      if (/^(==|!=|<|>|<=|>=|&&|\|\|)$/.test(expr.op)) return INT;
      if (expr.op === "<<" || expr.op === ">>") return promoted(of(expr.left));
      return usual(of(expr.left), of(expr.right));
    case "call": {
      if (expr.callee.kind !== "name") return undefined;
      const bits = fromWire(expr.callee.name);
      if (bits !== undefined) return { bits, signed: false };
      const typed = /^(min|max|clamp)_t$/.test(expr.callee.name) ? expr.args[0] : undefined;
      if (typed?.kind === "type") return TYPES.get(typed.text);
      break;
    }
    default:
  }
  return integerOf(program, program.types.typeOf(expr, fn.def));
}

function promoted(type: IntegerType | undefined): IntegerType | undefined {
  return type !== undefined && type.bits < 32 ? INT : type;
}

/** The usual arithmetic conversions. */
function usual(left: IntegerType | undefined, right: IntegerType | undefined): IntegerType | undefined {
  const a = promoted(left);
  const b = promoted(right);
  if (a === undefined || b === undefined) return undefined;
  if (a.bits !== b.bits) return a.bits > b.bits ? a : b;
  return { bits: a.bits, signed: a.signed && b.signed };
}

export function largest({ bits, signed }: IntegerType): number {
  return 2 ** (signed ? bits - 1 : bits) - 1;
}
