// fixture: formats and what is given for them.
#include <linux/device.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/sysfs.h>

#define UNIT "mV"
#define PROBE_BOTH(p) (p)->last, (p)->last

struct probe {
	struct device *dev;
	u64 total;
	u32 last;
	u64 ready:8;
	size_t size;
	unsigned long jiffies;
	char name[16];
	dma_addr_t address;
};

void probe_report(struct probe *p, struct seq_file *m, char *buf, int width);

void probe_report(struct probe *p, struct seq_file *m, char *buf, int width)
{
	pr_info("%u of %u\n", p->last); // warning: format-arguments "the format of pr_info() wants 2 arguments, and 1 is given"
	dev_err(p->dev, "no answer\n", p->last); // warning: format-arguments "wants 0 arguments, and 1 is given"
	dev_info(p->dev, "total %u\n", p->total); // warning: format-arguments "`p->total` is a u64, for which `%u` is not right on every architecture: use `%llu`"
	seq_printf(m, "%d bytes\n", p->size); // warning: format-arguments "use `%zd`"
	sysfs_emit(buf, "%s\n", p->last); // warning: format-arguments "`p->last` is a u32, and `%s` wants a string"
	printk(KERN_INFO "%d\n", p->name); // warning: format-arguments "`p->name` is a char[], and `%d` wants a number"
	pr_debug("%lx\n", p->last); // warning: format-arguments "use `%x`"
	pr_info("%3d%% %-16s %*d %pad %pK\n", p->last, p->name, width, p->last, &p->address, p); // ok: format-arguments
	pr_info("%u" UNIT "\n"); // ok: format-arguments
	pr_info("%u %u\n", PROBE_BOTH(p)); // ok: format-arguments
	pr_info("%td\n", p->size); // ok: format-arguments
	pr_info("%lu %zu %llu %c %hhx\n", p->jiffies, p->size, p->total, p->name[0], p->last); // ok: format-arguments
	pr_info("%llu\n", (unsigned long long)p->address); // ok: format-arguments
	pr_info("%u\n", p->ready); // ok: format-arguments
}

/* Macros of the kernel that stand for several arguments. */
void probe_show(struct seq_file *m, const struct cpumask *mask, u16 address);

void probe_show(struct seq_file *m, const struct cpumask *mask, u16 address)
{
	seq_printf(m, "%*pb\n", cpumask_pr_args(mask)); // ok: format-arguments
	seq_printf(m, "%x.%x\n", probe_address_parts(address)); // ok: format-arguments
}

MODULE_DESCRIPTION("Probe");
MODULE_LICENSE("GPL");
