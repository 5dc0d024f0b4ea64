// SPDX-License-Identifier: GPL-2.0
/* A temperature sensor: it samples on request and raises an interrupt when it is done. */
#include <linux/bits.h>
#include <linux/clk.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>

#define TS_CTRL		0x00
#define  TS_CTRL_START	BIT(0)
#define TS_STATUS	0x04
#define  TS_STATUS_READY BIT(0)
#define  TS_STATUS_BUSY	BIT(1)
#define TS_DATA		0x08

/* The first and the last sample since the driver was bound, and how many there were. */
struct tempsensor_stats {
	s32 first;
	s32 last;
	u32 samples;
};

struct tempsensor {
	void __iomem *regs;
	struct clk *clk;
	int irq;
	struct completion ready;
	spinlock_t lock;	/* protects stats */
	struct tempsensor_stats *stats;
};

static s32 tempsensor_millicelsius(u32 data)
{
	return (s32)(data & 0xffff) * 125 - 40000;
}

static irqreturn_t tempsensor_irq(int irq, void *data)
{
	struct tempsensor *ts = data;
	s32 value;

	if (!(readl(ts->regs + TS_STATUS) & TS_STATUS_READY))
		return IRQ_NONE;

	while (readl(ts->regs + TS_STATUS) & TS_STATUS_BUSY)
		msleep(20);
	value = tempsensor_millicelsius(readl(ts->regs + TS_DATA));
	writel(TS_STATUS_READY, ts->regs + TS_STATUS);

	spin_lock(&ts->lock);
	if (!ts->stats->samples)
		ts->stats->first = value;
	ts->stats->last = value;
	ts->stats->samples++;
	spin_unlock(&ts->lock);

	complete(&ts->ready);
	return IRQ_HANDLED;
}

static ssize_t temp_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct tempsensor *ts = dev_get_drvdata(dev);
	s32 value;

	reinit_completion(&ts->ready);
	writel(TS_CTRL_START, ts->regs + TS_CTRL);
	if (!wait_for_completion_timeout(&ts->ready, msecs_to_jiffies(200)))
		return -ETIMEDOUT;

	spin_lock(&ts->lock);
	value = ts->stats->last;
	spin_unlock(&ts->lock);
	return sysfs_emit(buf, "%d\n", value);
}
static DEVICE_ATTR_RO(temp);

static struct attribute *tempsensor_attrs[] = {
	&dev_attr_temp.attr,
	NULL
};
ATTRIBUTE_GROUPS(tempsensor);

static int tempsensor_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct tempsensor *ts;
	int ret;

	ts = kzalloc(sizeof(*ts), GFP_KERNEL);
	if (!ts)
		return -ENOMEM;

	ts->stats = kzalloc(sizeof(*ts->stats), GFP_KERNEL);
	ts->stats->first = -40000;
	spin_lock_init(&ts->lock);
	init_completion(&ts->ready);

	ts->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(ts->regs)) {
		ret = PTR_ERR(ts->regs);
		goto err_free;
	}

	ts->clk = clk_get(dev, NULL);
	if (IS_ERR(ts->clk)) {
		ret = dev_err_probe(dev, PTR_ERR(ts->clk), "no clock\n");
		goto err_free;
	}

	ret = clk_prepare_enable(ts->clk);
	if (ret)
		goto err_put_clk;

	ts->irq = platform_get_irq(pdev, 0);
	if (ts->irq < 0) {
		ret = ts->irq;
		goto err_put_clk;
	}

	ret = request_irq(ts->irq, tempsensor_irq, 0, "tempsensor", ts);
	if (ret)
		goto err_disable_clk;

	platform_set_drvdata(pdev, ts);
	return 0;

err_disable_clk:
	clk_disable_unprepare(ts->clk);
err_put_clk:
	clk_put(ts->clk);
err_free:
	kfree(ts->stats);
	kfree(ts);
	return ret;
}

static void tempsensor_remove(struct platform_device *pdev)
{
	struct tempsensor *ts = platform_get_drvdata(pdev);

	free_irq(ts->irq, ts);
	clk_disable_unprepare(ts->clk);
	clk_put(ts->clk);
	kfree(ts->stats);
	kfree(ts);
}

static const struct of_device_id tempsensor_of_match[] = {
	{ .compatible = "driverlab,tempsensor" },
	{ }
};
MODULE_DEVICE_TABLE(of, tempsensor_of_match);

static struct platform_driver tempsensor_driver = {
	.probe = tempsensor_probe,
	.remove = tempsensor_remove,
	.driver = {
		.name = "tempsensor",
		.of_match_table = tempsensor_of_match,
		.dev_groups = tempsensor_groups,
	},
};
module_platform_driver(tempsensor_driver);

MODULE_DESCRIPTION("Temperature sensor");
MODULE_LICENSE("GPL");
