// fixture: each callback has its counterpart.
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pm.h>
#include <linux/seq_file.h>

int fan_suspend(struct device *dev);
int fan_resume(struct device *dev);
void *fan_start(struct seq_file *m, loff_t *pos);
void *fan_next(struct seq_file *m, void *v, loff_t *pos);
void fan_stop(struct seq_file *m, void *v);
int fan_show(struct seq_file *m, void *v);

const struct dev_pm_ops fan_pm = {
	.suspend = fan_suspend,
	.resume = fan_resume,
};

const struct seq_operations fan_seq = {
	.start = fan_start,
	.next = fan_next,
	.stop = fan_stop,
	.show = fan_show,
};

MODULE_DESCRIPTION("Fan");
MODULE_LICENSE("GPL");
