// Paths that leave with something: before each function, the titles of the fixes that it is offered, in order.
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct pump {
	struct device *dev;
	struct clk *clk;
	struct mutex config;
	spinlock_t lock;
	void __iomem *regs;
	u32 *table;
	u32 speed;
	u32 limit;
};

int pump_set_speed(struct pump *p, u32 speed);
int pump_get_speed(struct pump *p, u32 *speed);
int pump_count(struct pump *p);
int pump_nested(struct pump *p);
int pump_load(struct pump *p, size_t len);
int pump_start(struct pump *p, int irq);
int pump_labels(struct pump *p);
int pump_direct(struct pump *p);
int pump_new_label(struct pump *p);
int pump_jump(struct pump *p);
int pump_shared(struct pump *p, size_t len);
int pump_between(struct pump *p);
int pump_children(struct pump *p);
int pump_find(struct pump *p);
int pump_value(struct pump *p);
int pump_ways(struct pump *p);
void pump_tell(struct pump *p, bool brief);
void pump_account(struct pump *p, u32 speed);
int pump_check(struct pump *p);

/* fix: Add mutex_unlock() on this path */
int pump_set_speed(struct pump *p, u32 speed)
{
	mutex_lock(&p->config);
	if (speed > p->limit) {
		mutex_unlock(&p->config);
		return -EINVAL;
	}
	p->speed = speed;
	mutex_unlock(&p->config);
	return 0;
}

/* fix: Add spin_unlock_irqrestore() on this path */
int pump_get_speed(struct pump *p, u32 *speed)
{
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	if (p->speed)
		*speed = p->speed;
	else {
		spin_unlock_irqrestore(&p->lock, flags);
		return -ENODATA;
	}
	spin_unlock_irqrestore(&p->lock, flags);
	return 0;
}

/* fix: Add mutex_unlock() on this path */
int pump_count(struct pump *p)
{
	mutex_lock(&p->config);
	if (!p->table) {
		mutex_unlock(&p->config);
		return -ENODEV;
	} else
		p->speed++;
	mutex_unlock(&p->config);
	return 0;
}

/* fix: Add mutex_unlock() on this path */
int pump_nested(struct pump *p)
{
	u32 i;

	mutex_lock(&p->config);
	for (i = 0; i < p->limit; i++)
		if (p->table[i] == p->speed) {
			mutex_unlock(&p->config);
			return -EBUSY;
		}
	mutex_unlock(&p->config);
	return 0;
}

/* fix: Add kfree() on this path */
int pump_load(struct pump *p, size_t len)
{
	u8 *buf = kmalloc(len, GFP_KERNEL);
	int ret;

	if (!buf)
		return -ENOMEM;

	ret = pump_check(p);
	if (ret) {
		kfree(buf);
		return ret;
	}

	memcpy_fromio(buf, p->regs, len);
	kfree(buf);
	return 0;
}

static irqreturn_t pump_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* The interrupt was requested last, and goes first. */
/* fix: Add free_irq() on this path */
int pump_start(struct pump *p, int irq)
{
	struct pump *copy;
	int ret;

	copy = kmemdup(p, sizeof(*p), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;

	ret = request_irq(irq, pump_irq, 0, "pump", copy);
	if (ret) {
		kfree(copy);
		return ret;
	}

	ret = pump_check(p);
	if (ret) {
		free_irq(irq, copy);
		kfree(copy);
		return ret;
	}
	return 0;
}

/* fix: Go to err_disable instead */
int pump_labels(struct pump *p)
{
	u32 *table;
	int ret;

	table = kcalloc(64, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;

	ret = clk_prepare_enable(p->clk);
	if (ret)
		goto err_free;

	if (!readl(p->regs)) {
		ret = -EIO;
		goto err_disable;
	}

	ret = pump_value(p);
	if (ret)
		goto err_disable;
	p->table = table;
	return 0;

err_disable:
	clk_disable_unprepare(p->clk);
err_free:
	kfree(table);
	return ret;
}

/* A return of its own, where the others go to a label. */
/* fix: Go to err_put instead */
int pump_direct(struct pump *p)
{
	struct device_node *np;
	int ret;

	np = of_get_child_by_name(p->dev->of_node, "pump");
	if (!np)
		return -ENODEV;

	ret = of_property_read_u32(np, "speed", &p->speed);
	if (ret)
		goto err_put;
	if (p->speed > p->limit) {
		ret = -ERANGE;
		goto err_put;
	}

	of_node_put(np);
	return 0;

err_put:
	of_node_put(np);
	return ret;
}

/* fix: Add the label err_put_np for of_node_put() */
int pump_new_label(struct pump *p)
{
	struct device_node *np;
	int ret;

	ret = clk_prepare_enable(p->clk);
	if (ret)
		return ret;

	np = of_get_child_by_name(p->dev->of_node, "pump");
	if (!np) {
		ret = -ENODEV;
		goto err_disable;
	}

	ret = of_property_read_u32(np, "speed", &p->speed);
	if (ret)
		goto err_put_np;

	of_node_put(np);
	return 0;

err_put_np:
	of_node_put(np);
err_disable:
	clk_disable_unprepare(p->clk);
	return ret;
}

/* Success comes by the label, too. */
/* fix: Add the label out_unlock for mutex_unlock() */
int pump_jump(struct pump *p)
{
	int ret = 0;

	mutex_lock(&p->config);
	if (p->speed > p->limit) {
		ret = -EBUSY;
		goto out_unlock;
	}
	p->speed = p->limit;
out_unlock:
	mutex_unlock(&p->config);
out:
	return ret;
}

/* What success does before the label is not for the others. */
/* fix: Add kfree() before the jump */
int pump_shared(struct pump *p, size_t len)
{
	u8 *buf;
	int ret;

	buf = kmalloc(len, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ret = pump_check(p);
	if (ret) {
		kfree(buf);
		goto out;
	}
	memcpy_fromio(buf, p->regs, len);
	kfree(buf);
	p->speed++;
out:
	return ret;
}

/* The call is there, but no label leads to it. */
/* fix: Add the label err_put_np for of_node_put() */
int pump_between(struct pump *p)
{
	struct device_node *np;
	int ret;

	ret = clk_prepare_enable(p->clk);
	if (ret)
		return ret;

	np = of_get_child_by_name(p->dev->of_node, "pump");
	if (!np) {
		ret = -ENODEV;
		goto err_disable;
	}

	ret = of_property_read_u32(np, "speed", &p->speed);
	if (ret)
		goto err_put_np;

	p->table = kcalloc(64, sizeof(*p->table), GFP_KERNEL);
	if (!p->table) {
		ret = -ENOMEM;
		goto err_put_np;
	}

	ret = pump_check(p);
	if (ret)
		goto err_free;

	of_node_put(np);
	return 0;

err_free:
	kfree(p->table);
err_put_np:
	of_node_put(np);
err_disable:
	clk_disable_unprepare(p->clk);
	return ret;
}

/* fix: Add of_node_put() on this path */
int pump_children(struct pump *p)
{
	struct device_node *child;

	for_each_child_of_node(p->dev->of_node, child) {
		if (of_property_read_u32(child, "speed", &p->speed)) {
			of_node_put(child);
			return -EINVAL;
		}
	}
	return 0;
}

/* fix: Add of_node_put() before the loop is left */
int pump_find(struct pump *p)
{
	struct device_node *child;
	int ret = -ENODEV;

	for_each_child_of_node(p->dev->of_node, child) {
		ret = of_property_read_u32(child, "speed", &p->speed);
		if (ret) {
			of_node_put(child);
			break;
		}
	}
	return ret;
}

/* What is returned is worked out first. */
/* fix: Add of_node_put() on this path */
int pump_value(struct pump *p)
{
	struct device_node *np;
	int ret;

	np = of_get_child_by_name(p->dev->of_node, "pump");
	if (!np)
		return -ENODEV;
	ret = of_property_read_u32(np, "limit", &p->limit);
	if (ret)
		p->limit = 100;
	ret = of_property_read_u32(np, "speed", &p->speed);
	of_node_put(np);
	return ret;
}

/* One mistake on several ways out. */
/* fix: Add of_node_put() on these paths */
int pump_ways(struct pump *p)
{
	struct device_node *np;

	np = of_get_child_by_name(p->dev->of_node, "pump");
	if (!np)
		return -ENODEV;
	if (of_property_read_u32(np, "limit", &p->limit)) {
		of_node_put(np);
		return -EINVAL;
	}
	if (p->limit > 100) {
		dev_err(p->dev, "too fast\n");
		of_node_put(np);
		return -ERANGE;
	}
	of_node_put(np);
	return 0;
}

/* fix: Add kfree() on this path */
void pump_tell(struct pump *p, bool brief)
{
	char *text = kasprintf(GFP_KERNEL, "pump at %u", p->speed);

	if (!text)
		return;
	if (brief) {
		kfree(text);
		return;
	}
	dev_info(p->dev, "%s\n", text);
	kfree(text);
}

/* fix: Add spin_unlock() before the function ends */
void pump_account(struct pump *p, u32 speed)
{
	spin_lock(&p->lock);
	p->speed++;
	if (p->speed < speed) {
		spin_unlock(&p->lock);
		return;
	}
	p->limit++;
	spin_unlock(&p->lock);
}

MODULE_DESCRIPTION("Pump");
MODULE_LICENSE("GPL");
