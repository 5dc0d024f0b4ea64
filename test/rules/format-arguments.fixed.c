// fixture: each format gets what it wants.
#include <linux/device.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/sysfs.h>

struct probe {
	struct device *dev;
	u64 total;
	u32 last;
	u32 most;
	size_t size;
	char name[16];
};

void probe_report(struct probe *p, struct seq_file *m, char *buf);

void probe_report(struct probe *p, struct seq_file *m, char *buf)
{
	pr_info("%u of %u\n", p->last, p->most);
	dev_err(p->dev, "no answer\n");
	dev_info(p->dev, "total %llu\n", p->total);
	seq_printf(m, "%zu bytes\n", p->size);
	sysfs_emit(buf, "%s\n", p->name);
	pr_debug("%x\n", p->last);
}

MODULE_DESCRIPTION("Probe");
MODULE_LICENSE("GPL");
