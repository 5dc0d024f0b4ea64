// Which functions never sleep: those of which everything they reach is seen, and nothing of it sleeps.
import type { Definition, Definitions } from "./definitions.ts";
import { type Sleep, sleepsByItself } from "./sleeping.ts";

/**
 * Taken for harmless without being followed: they are for any context by their purpose, and are assembly, compiler
 * built-ins or debugging aids below. Spinlocks are among them since the kernel read is not PREEMPT_RT.
 */
const harmless =
  /^(__builtin_\w+|READ_ONCE|WRITE_ONCE|BUILD_BUG\w*|static_assert|WARN\w*|BUG|BUG_ON|VM_\w+_ON\w*|ACCESS_ONCE|(raw_)?(spin|read|write)_(lock|unlock|trylock)\w*|_?raw_\w+|arch_\w+|lockdep_\w+|smp_\w+|barrier\w*|[rw]?mb|dma_[rw]?mb|cpu_relax|likely|unlikely|container_of\w*|(read|write)[bwlq](_relaxed)?|__raw_(read|write)[bwlq]|io(read|write)\d+\w*|(in|out)[bwl]|[nm]?delay|udelay|ndelay|mem(cpy|set|move|cmp|chr)|str(n|l|s)?(len|cpy|cmp|chr|rchr|nlen|cat|scpy)|atomic\w*_(read|set|inc|dec|add|sub|cmpxchg|xchg|fetch\w*|or|and)\w*|(__)?(test|set|clear|change)_(and_)?\w*bit\w*|ERR_PTR|PTR_ERR|IS_ERR\w*|min\w*|max\w*|clamp\w*|swap|xchg|cmpxchg\w*|try_cmpxchg\w*|le\d+_to_cpu\w*|cpu_to_[lb]e\d+\w*|be\d+_to_cpu\w*|(get|put)_unaligned\w*|local_irq_\w+|preempt_(en|dis)able\w*|rcu_read_(un)?lock\w*|rcu_dereference\w*|rcu_assign_pointer|smp_processor_id|this_cpu_\w+|raw_cpu_\w+|per_cpu\w*|jiffies\w*|ktime_get\w*|kasan_\w+|kmsan_\w+|kcsan_\w+|instrument_\w+|typecheck|IS_ENABLED|ARRAY_SIZE|FIELD_(GET|PREP|MAX|FIT)|GENMASK\w*|BIT\w*|ilog2|do_div|div\w*_u?64\w*|hweight\w*|f[fl]s\w*|__ff[sz]|va_(start|end|arg|copy)|static_branch_(un)?likely|static_key_(false|true|count|enabled)|pr_\w+|printk\w*|_printk|dev_(err|warn|info|dbg|notice|printk)\w*|trace_\w+|__(is|has)_\w+|sizeof_field|struct_size\w*|array_size|size_(add|mul)|check_\w+_overflow|__same_type|current|in_(interrupt|hardirq|task|atomic|softirq|nmi|irq)|irqs_disabled\w*)$/;

export function neverSleeping(definitions: Definitions, sleeping: ReadonlyMap<Definition, Sleep>): Set<Definition> {
  const never = new Set<Definition>();
  const callers = new Map<Definition, Definition[]>();
  const broken: Definition[] = [];
  for (const each of definitions.all) {
    if (isOpen(each) || sleeping.has(each)) {
      broken.push(each);
      continue;
    }
    never.add(each);
    for (const { name } of each.body.calls) {
      const called = harmless.test(name) ? [] : definitions.resolve(name, each.path);
      if (sleepsByItself(name) || (called.length === 0 && !harmless.test(name))) {
        never.delete(each);
        broken.push(each);
        break;
      }
      for (const callee of called) {
        const list = callers.get(callee);
        if (list === undefined) callers.set(callee, [each]);
        else list.push(each);
      }
    }
  }
  // From what is not sure to all that reaches it.
  for (let each = broken.pop(); each !== undefined; each = broken.pop()) {
    for (const caller of callers.get(each) ?? []) if (never.delete(caller)) broken.push(caller);
  }
  return never;
}

/** Something of it is not seen, or may be asked to sleep. */
function isOpen({ body, parameters, inactive }: Definition): boolean {
  if (body.incomplete || body.indirect || inactive) return true;
  return parameters.some((each) => /\bgfp_t\b/.test(each.type));
}
