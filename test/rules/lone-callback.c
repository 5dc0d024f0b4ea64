// fixture: callbacks without their counterparts.
#include <linux/device.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pm.h>
#include <linux/seq_file.h>

int fan_suspend(struct device *dev);
int fan_resume(struct device *dev);
void *fan_start(struct seq_file *m, loff_t *pos);
void *fan_next(struct seq_file *m, void *v, loff_t *pos);
int fan_show(struct seq_file *m, void *v);
int fan_open(struct net_device *dev);
int fan_close(struct net_device *dev);

const struct dev_pm_ops fan_pm = {
	.suspend = fan_suspend, // hint: lone-callback "`fan_pm` has .suspend and no .resume: what the one does before the kernel sleeps, nobody undoes afterwards"
	.runtime_suspend = fan_suspend, // ok: lone-callback
	.runtime_resume = fan_resume,
};

const struct dev_pm_ops fan_pm_restore = {
	.restore = fan_resume, // ok: lone-callback
};

const struct dev_pm_ops fan_pm_macro = {
	SET_SYSTEM_SLEEP_PM_OPS(fan_suspend, fan_resume)
	.runtime_suspend = fan_suspend, // ok: lone-callback
};

const struct seq_operations fan_seq = {
	.start = fan_start, // hint: lone-callback "`fan_seq` has .start and no .stop"
	.next = fan_next,
	.show = fan_show,
};

const struct net_device_ops fan_ops = {
	.ndo_open = fan_open, // ok: lone-callback
	.ndo_stop = fan_close,
};

const struct net_device_ops fan_ops_null = {
	.ndo_open = fan_open, // hint: lone-callback "no .ndo_stop"
	.ndo_stop = NULL,
};

MODULE_DESCRIPTION("Fan");
MODULE_LICENSE("GPL");
