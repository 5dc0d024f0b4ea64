// The code around each C snippet that is not a whole file, so that its expansion can be read and checked.

/** What a fragment expects of the driver it is inserted into. */
export interface SnippetContext {
  /** `linux/` headers, without folder and ending. */
  readonly headers: readonly string[];
  /** Members of `struct demo`; without them there is no such struct. */
  readonly members?: readonly string[];
  /** File-scope lines between the struct and the fragment. */
  readonly before?: readonly string[];
  /** Parameters of the function that the fragment becomes the body of; without them it stands at file scope. */
  readonly inside?: string;
  /** Declarations at the head of that function. */
  readonly locals?: readonly string[];
}

const device = "struct device *dev";
const regs = "void __iomem *regs";
const spinlock = "spinlock_t lock";
const mutex = "struct mutex lock";
const status = "#define REG_STATUS 0x04";
const start = "#define REG_START 0x08";
const control = "#define REG_CTRL 0x00";
const handler = "static irqreturn_t demo_irq(int irq, void *data);";
const items = [
  "struct demo_item {",
  "\tstruct list_head node;",
  "\tu32 id;",
  "};",
  "",
  "static LIST_HEAD(demo_items);",
  "/* Protects demo_items. */",
  "static DEFINE_MUTEX(demo_items_lock);",
];

/** Prefix → context. A whole file (`isFileTemplate`) has none. */
export const snippetContexts: Readonly<Record<string, SnippetContext>> = {
  "k-alloc": { headers: ["slab"], members: ["int id"], before: ["static struct demo *priv;"], inside: "void" },
  "k-alloc-array": { headers: ["slab"], before: ["static u32 *table;"], inside: "unsigned int count" },
  "k-alloc-flex": { headers: ["slab"] },
  "k-attr": { headers: ["device", "sysfs"], members: ["unsigned int rate"] },
  "k-bits": { headers: ["bitfield", "bits", "io"], members: [regs] },
  "k-cache": { headers: ["list", "slab"] },
  "k-clk": {
    headers: ["clk", "device"],
    members: ["struct clk *clk"],
    inside: "struct device *dev, struct demo *priv",
  },
  "k-completion": {
    headers: ["completion", "io", "jiffies"],
    members: [regs, "struct completion done"],
    before: [start],
  },
  "k-debugfs": { headers: ["debugfs", "device", "seq_file"], members: [device, "struct dentry *debugfs", "u32 count"] },
  "k-devm-action": { headers: ["device", "io"], members: [device, regs], before: [control] },
  "k-dma": { headers: ["dma-mapping"], members: [device, "void *ring", "dma_addr_t ring_dma"] },
  "k-dma-map": {
    headers: ["dma-mapping", "io"],
    members: [device, regs, "dma_addr_t tx_addr", "size_t tx_len"],
    before: ["#define REG_DMA_ADDR 0x10"],
  },
  "k-dwork": { headers: ["mutex", "workqueue"], members: ["struct delayed_work poll", mutex, "unsigned int count"] },
  "k-fop-fasync": { headers: ["fs", "miscdevice"], members: ["struct fasync_struct *fasync"] },
  "k-fop-ioctl": { headers: ["fs", "ioctl", "module", "mutex", "uaccess"] },
  "k-fop-mmap": { headers: ["fs", "mm"], members: ["phys_addr_t phys", "unsigned long size"] },
  "k-fop-poll": { headers: ["fs", "miscdevice", "poll"], members: ["wait_queue_head_t wait", "bool ready"] },
  "k-fops": { headers: ["fs", "module", "mutex", "slab"] },
  "k-free": { headers: ["cleanup", "err", "slab"], members: ["u32 id"] },
  "k-gpio": {
    headers: ["device", "err", "gpio/consumer"],
    members: ["struct gpio_desc *reset_gpio"],
    inside: "struct device *dev, struct demo *priv",
  },
  "k-guard": { headers: ["cleanup", "mutex", "spinlock"], members: [mutex], inside: "struct demo *priv" },
  "k-hrtimer": {
    headers: ["hrtimer", "spinlock"],
    members: ["struct hrtimer hrtimer", spinlock, "unsigned int ticks"],
  },
  "k-input": {
    headers: ["input", "interrupt", "io"],
    members: [device, regs, "struct input_dev *input"],
    before: [status],
  },
  "k-irq": {
    headers: ["interrupt", "io", "spinlock"],
    members: [regs, spinlock, "unsigned int events"],
    before: [status],
  },
  "k-irq-thread": { headers: ["device", "interrupt", "mutex"], members: [device, mutex, "unsigned int events"] },
  "k-kerneldoc": { headers: ["device"] },
  "k-kref": { headers: ["kref", "slab"] },
  "k-kthread": { headers: ["device", "err", "jiffies", "kthread"], members: [device, "struct task_struct *task"] },
  "k-led": { headers: ["io", "leds"], members: [device, regs, "struct led_classdev led"], before: [control] },
  "k-list": { headers: ["list", "mutex", "slab"] },
  "k-lockann": { headers: ["lockdep", "spinlock"], members: [spinlock, "unsigned int count"] },
  "k-matchdata": { headers: ["mod_devicetable", "module", "platform_device", "property"] },
  "k-mmio": { headers: ["io"], members: [regs] },
  "k-mutex": { headers: ["mutex"], members: [mutex, "unsigned int count"], inside: "struct demo *priv" },
  "k-mutex-intr": { headers: ["mutex"], members: [mutex, "unsigned int count"], inside: "struct demo *priv" },
  "k-param": { headers: ["moduleparam"] },
  "k-param-cb": { headers: ["moduleparam"] },
  "k-pm": { headers: ["clk", "device", "pm"], members: ["struct clk *clk"] },
  "k-pm-runtime": { headers: ["device", "io", "pm_runtime"], members: [device, regs], before: [start] },
  "k-probe-devm": {
    headers: ["clk", "device", "err", "interrupt", "io", "platform_device", "spinlock"],
    members: [device, regs, "struct clk *clk", spinlock],
    before: [handler],
  },
  "k-probe-goto": {
    headers: ["clk", "device", "err", "interrupt", "platform_device", "slab"],
    members: [device, "struct clk *clk", "int irq"],
    before: [handler],
  },
  "k-proc": { headers: ["jiffies", "proc_fs", "seq_file"] },
  "k-rcu-list": { headers: ["rculist", "slab", "spinlock"] },
  "k-read": {
    headers: ["fs", "mutex"],
    members: [mutex, "char *buf", "size_t len"],
  },
  "k-readpoll": {
    headers: ["iopoll"],
    members: [regs],
    before: [status, "#define STATUS_READY BIT(0)"],
    inside: "struct demo *priv",
  },
  "k-readpoll-atomic": {
    headers: ["iopoll"],
    members: [regs],
    before: [status, "#define STATUS_READY BIT(0)"],
    inside: "struct demo *priv",
  },
  "k-regmap-i2c": {
    headers: ["device", "err", "i2c", "regmap"],
    before: [control, "#define CTRL_ENABLE BIT(0)"],
  },
  "k-regmap-mmio": {
    headers: ["device", "err", "platform_device", "regmap"],
    before: [control, "#define CTRL_ENABLE BIT(0)"],
  },
  "k-regulator": {
    headers: ["device", "regulator/consumer"],
    inside: "struct device *dev",
    locals: ["int ret"],
  },
  "k-reset": {
    headers: ["delay", "device", "err", "reset"],
    members: ["struct reset_control *reset"],
    inside: "struct device *dev, struct demo *priv",
    locals: ["int ret"],
  },
  "k-scoped": {
    headers: ["cleanup", "mutex", "spinlock"],
    members: [mutex, "unsigned int count"],
    inside: "struct demo *priv",
  },
  "k-seq": { headers: ["fs", "list", "mutex", "seq_file"], before: items },
  "k-spin": { headers: ["spinlock"], members: [spinlock, "unsigned int count"], inside: "struct demo *priv" },
  "k-spin-bh": { headers: ["spinlock"], members: [spinlock, "unsigned int count"], inside: "struct demo *priv" },
  "k-tasklet": {
    headers: ["interrupt", "spinlock"],
    members: ["struct tasklet_struct tasklet", spinlock, "unsigned int events"],
  },
  "k-timer": {
    headers: ["jiffies", "spinlock", "timer"],
    members: ["struct timer_list timer", spinlock, "unsigned int ticks"],
  },
  "k-wait": { headers: ["mutex", "sched", "wait"], members: ["wait_queue_head_t wait", "bool ready"] },
  "k-work": { headers: ["mutex", "workqueue"], members: ["struct work_struct work", mutex, "unsigned int count"] },
};

/** A complete file with the expansion in its place. */
export function inContext(context: SnippetContext | undefined, expansion: string): string {
  if (context === undefined) return expansion;
  const lines = ["// SPDX-License-Identifier: GPL-2.0"];
  for (const header of context.headers) lines.push(`#include <linux/${header}.h>`);
  if (context.members) {
    lines.push("", "struct demo {", ...context.members.map((member) => `\t${member};${commentOf(member)}`), "};");
  }
  if (context.before) lines.push("", ...context.before);
  lines.push("");
  if (context.inside === undefined) return `${lines.join("\n")}\n${expansion.trimEnd()}\n`;
  lines.push(`static int demo_step(${context.inside})`, "{");
  if (context.locals) lines.push(...context.locals.map((local) => `\t${local};`), "");
  for (const line of expansion.trimEnd().split("\n")) lines.push(line === "" ? "" : `\t${line}`);
  lines.push("", "\treturn 0;", "}", "");
  return lines.join("\n");
}

/** checkpatch asks what a lock protects. */
function commentOf(member: string): string {
  return / lock$/.test(member) ? "\t/* protects the other members */" : "";
}
