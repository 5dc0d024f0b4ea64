// Mistakes with contexts: sleeping where a spinlock is held or in an interrupt handler, interrupts left on, sections.
import { callOf, drop, type Mutation, type Operator, type Place, type Subject, textAt } from "./mutation.ts";

const TAKES = /^(raw_)?spin_lock(_irqsave|_irq|_bh)?$/;

/** Between a spin_lock() and its unlock, as the text goes: it is in the same list of statements as the lock, or below. */
function underSpinlock(subject: Subject, at: number): boolean {
  const takes = subject.places.filter(({ stmt }) => TAKES.test(callOf(stmt)?.name ?? "") && stmt.end <= at);
  const last = takes.at(-1);
  if (last === undefined) return false;
  const holder = last.list;
  const inside = holder.slice(last.index + 1).find((stmt) => stmt.start <= at && at < stmt.end);
  if (inside === undefined) return false;
  const between = subject.text.slice(last.stmt.end, at);
  return !/unlock|\w+:\n/.test(between) && !/\b(while|for)\b/.test(between);
}

/** Handed to the kernel to be called in interrupt context. */
function isHandler({ program, fn }: Subject): boolean {
  const entries = program.entries.filter((each) => each.fn === fn.name);
  return entries.length > 0 && entries.every(({ context }) => context === "hardirq" || context === "softirq");
}

function isAtomic(subject: Subject, at: number): boolean {
  return isHandler(subject) || underSpinlock(subject, at);
}

function occurrences({ text, fn }: Subject, word: RegExp): readonly RegExpExecArray[] {
  const { start, end } = fn.def.body;
  return [...text.slice(0, end).matchAll(word)].filter(({ index }) => index > start);
}

const sleepingFlags: Operator = (subject) =>
  occurrences(subject, /\bGFP_ATOMIC\b/g).flatMap((found): Mutation[] => {
    if (!isAtomic(subject, found.index)) return [];
    const changes = [{ start: found.index, end: found.index + found[0].length, text: "GFP_KERNEL" }];
    return [{ operator: "gfp-kernel", expects: ["sleep-in-atomic", "gfp-flag"], fn: subject.fn.name, changes }];
  });

const sleepingDelay: Operator = (subject) =>
  occurrences(subject, /\b(udelay|mdelay)\(([^()]+)\);/g).flatMap((found): Mutation[] => {
    if (!isAtomic(subject, found.index)) return [];
    const text = found[1] === "mdelay" ? `msleep(${found[2]});` : `usleep_range(${found[2]}, ${found[2]} + 10);`;
    const changes = [{ start: found.index, end: found.index + found[0].length, text }];
    return [{ operator: "sleeping-delay", expects: ["sleep-in-atomic"], fn: subject.fn.name, changes }];
  });

/** spin_lock_irqsave() → spin_lock() in a function outside the handler, which takes the same member. */
const plainLock: Operator = (subject) => {
  if (isHandler(subject)) return [];
  const takes = occurrences(subject, /\bspin_lock_irqsave\((&?)([^,()]+), \w+\)/g);
  const [first] = takes;
  const member = /(\w+)$/.exec(first?.[2] ?? "")?.[1];
  if (first === undefined || member === undefined || takes.some((each) => each[2] !== first[2])) return [];
  const handlers = subject.program.entries.filter(({ context }) => context === "hardirq");
  const isTaken = handlers.some(({ fn }) => {
    const def = subject.program.functions.get(fn)?.def;
    return def !== undefined && new RegExp(`spin_lock(_irqsave)?\\(&\\w+->${member}\\b`).test(textAt(subject, def));
  });
  const changes = occurrences(subject, /\bspin_(?:lock_irqsave|unlock_irqrestore)\(([^,()]+), \w+\)/g).map((each) => ({
    start: each.index,
    end: each.index + each[0].length,
    text: `${each[0].startsWith("spin_lock") ? "spin_lock" : "spin_unlock"}(${each[1]})`,
  }));
  if (!isTaken || !first[2]!.includes("->")) return [];
  return [{ operator: "plain-lock", expects: ["irq-unsafe-lock"], changes }];
};

const noRcu: Operator = (subject) => {
  const takes = occurrences(subject, /\brcu_read_lock\(\);/g);
  if (takes.length !== 1 || !/rcu_dereference\(|list_for_each_entry_rcu\(/.test(textAt(subject, subject.fn.def.body)))
    return [];
  const changes = occurrences(subject, /\brcu_read_(un)?lock\(\);/g).map((each) =>
    drop({ start: each.index, end: each.index + each[0].length }),
  );
  return [{ operator: "no-rcu-section", expects: ["rcu-misuse"], fn: subject.fn.name, changes }];
};

/** What probe() calls, in the section that is gone after init. */
const initSection: Operator = (subject) => {
  const { program, fn } = subject;
  if (fn.def.annotations.length > 0 || !fn.def.isStatic || fn.def.isInline) return [];
  const callers = [...program.functions.values()].filter(({ def }) =>
    new RegExp(`\\b${fn.name}\\(`).test(textAt(subject, def.body)),
  );
  if (!callers.some(({ name, def }) => /_probe$/.test(name) && def.annotations.length === 0)) return [];
  const { start } = fn.def.nameSpan;
  return [
    { operator: "init-section", expects: ["init-exit-section"], changes: [{ start, end: start, text: "__init " }] },
  ];
};

/** A spinlock that is a mutex in the handler. */
const mutexInHandler: Operator = (subject) => {
  if (!isHandler(subject)) return [];
  const changes = occurrences(subject, /\bspin_(un)?lock(_irqsave|_irqrestore)?\((&[^,()]+)(, \w+)?\)/g).map(
    (each) => ({
      start: each.index,
      end: each.index + each[0].length,
      text: `mutex_${each[1] ?? ""}lock(${each[3]})`,
    }),
  );
  if (changes.length === 0) return [];
  return [{ operator: "mutex-in-handler", expects: ["sleep-in-atomic"], fn: subject.fn.name, changes }];
};

/** What a handler uses is set up after the interrupt was requested. */
const lateSetUp: Operator = (subject) => {
  const { program, places, fn } = subject;
  const body = fn.def.body.body;
  return places.flatMap((place: Place): Mutation[] => {
    const call = callOf(place.stmt);
    if (call === undefined || place.list !== body || place.stmt.kind === "label") return [];
    if (
      !/^(spin_lock_init|INIT_WORK|init_waitqueue_head|init_completion|mutex_init|INIT_DELAYED_WORK|tasklet_setup)$/.test(
        call.name,
      )
    )
      return [];
    const member = /->(\w+)$/.exec(textAt(subject, call.expr.args[0] ?? call.expr))?.[1];
    if (member === undefined) return [];
    const at = body.findIndex((stmt, index) => index > place.index && REQUESTS.test(textAt(subject, stmt)));
    const request = body[at];
    if (request === undefined || request.kind !== "expression") return [];
    const name = REQUESTS.exec(textAt(subject, request))![1]!;
    const isIrq = /irq/.test(name);
    const users = program.entries.filter(({ context }) => !isIrq || context === "hardirq" || context === "process");
    const isUsed = users.some(({ fn: user }) => {
      const def = program.functions.get(user)?.def;
      return def !== undefined && user !== fn.name && new RegExp(`->${member}\\b`).test(textAt(subject, def));
    });
    const handler = /irq\((?:[^,]+,){1,3}\s*(\w+)/.exec(textAt(subject, request))?.[1];
    const def = handler === undefined ? undefined : program.functions.get(handler)?.def;
    const isUsedByHandler = def !== undefined && new RegExp(`->${member}\\b`).test(textAt(subject, def));
    if (isIrq ? !isUsedByHandler : !isUsed) return [];
    const after = body[at + 1]?.kind === "if" ? body[at + 1]! : request;
    const changes = [
      drop(place.stmt),
      { start: after.end, end: after.end, text: `\n\t${textAt(subject, place.stmt)}` },
    ];
    const expects = isIrq ? ["irq-requested-before-ready"] : ["registered-before-ready"];
    return [{ operator: isIrq ? "irq-before-ready" : "registered-before-ready", expects, changes }];
  });
};

const REQUESTS =
  /\b(request_irq|devm_request_irq|request_threaded_irq|devm_request_threaded_irq|misc_register|register_netdev|cdev_add|input_register_device|video_register_device)\(/;

export const contextOperators: readonly Operator[] = [
  sleepingFlags,
  sleepingDelay,
  plainLock,
  noRcu,
  initSection,
  mutexInHandler,
  lateSetUp,
];
