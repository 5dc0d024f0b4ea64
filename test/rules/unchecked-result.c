// fixture: results that may be NULL or an error pointer, used before anyone looked.
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

struct meter {
	struct device *dev;
	struct list_head samples;
	struct class *class;
	struct irq_domain *domain;
	struct task_struct *thread;
	struct clk *clk;
	void __iomem *regs;
	unsigned long rate;
	u8 *buf;
	u32 *table;
};

struct sample {
	struct list_head node;
	u32 value;
	u8 raw[16];
};

struct meter *meter_create(struct device *dev);
int meter_exercise(struct meter *m);

struct meter *meter_create(struct device *dev)
{
	struct meter *m = kzalloc(sizeof(*m), GFP_KERNEL); // related: unchecked-result "kzalloc()"

	m->dev = dev; // warning: unchecked-result "`m` may be NULL: kzalloc() was not checked"
	INIT_LIST_HEAD(&m->samples);
	return m;
}

static int meter_reserve(struct meter *m, size_t count)
{
	m->table = kcalloc(count, sizeof(*m->table), GFP_KERNEL);
	m->table[0] = 1; // warning: unchecked-result "`m->table` may be NULL: kcalloc() was not checked"
	return 0;
}

static void meter_snapshot(struct meter *m, const void *from)
{
	u8 *copy = kmalloc(16, GFP_KERNEL);

	memcpy(copy, from, 16); // warning: unchecked-result "`copy` may be NULL: kmalloc() was not checked"
	kfree(m->buf);
	m->buf = copy;
}

static int meter_window(struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);

	return res->end > res->start ? 0 : -EINVAL; // warning: unchecked-result "`res` may be NULL: platform_get_resource() was not checked"
}

static int meter_class(struct meter *m)
{
	m->class = class_create("meter");
	m->class->pm = NULL; // warning: unchecked-result "`m->class` may be an error pointer: class_create() was not checked"
	return 0;
}

static void meter_wrong_order(struct meter *m)
{
	struct sample *s = kmalloc(sizeof(*s), GFP_KERNEL);

	s->value = 0; // warning: unchecked-result "`s` may be NULL: kmalloc() was not checked"
	if (!s)
		return;
	list_add(&s->node, &m->samples);
}

static int meter_one_of_two(struct meter *m)
{
	struct sample *a = kzalloc(sizeof(*a), GFP_KERNEL);
	struct sample *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!a)
		goto err_free;
	a->value = 1; // ok: unchecked-result
	b->value = 2; // warning: unchecked-result "`b` may be NULL: kzalloc() was not checked"
	list_add(&a->node, &m->samples);
	list_add(&b->node, &m->samples);
	return 0;

err_free:
	kfree(b); // ok: unchecked-result
	return -ENOMEM;
}

static int meter_add(struct meter *m, u32 value)
{
	struct sample *s;

	s = kmalloc(sizeof(*s), GFP_KERNEL); // ok: unchecked-result
	if (!s)
		return -ENOMEM;

	s->value = value; // ok: unchecked-result
	list_add_tail(&s->node, &m->samples);
	return 0;
}

static int meter_add_pair(struct meter *m)
{
	struct sample *a, *b;

	a = kzalloc(sizeof(*a), GFP_KERNEL);
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!a || !b)
		goto err_free;

	a->value = 1; // ok: unchecked-result
	b->value = 2; // ok: unchecked-result
	list_add_tail(&a->node, &m->samples);
	list_add_tail(&b->node, &m->samples);
	return 0;

err_free:
	kfree(a);
	kfree(b);
	return -ENOMEM;
}

static int meter_map(struct meter *m, struct platform_device *pdev)
{
	struct resource *res;

	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	m->regs = devm_ioremap_resource(&pdev->dev, res); // ok: unchecked-result
	if (IS_ERR(m->regs))
		return PTR_ERR(m->regs);

	m->rate = readl(m->regs); // ok: unchecked-result
	return 0;
}

static int meter_clock_checked(struct meter *m)
{
	m->clk = devm_clk_get_optional(m->dev, "bus");
	if (IS_ERR(m->clk))
		return PTR_ERR(m->clk);

	return clk_prepare_enable(m->clk); // ok: unchecked-result
}

static struct sample *meter_sample_alloc(void)
{
	return kzalloc(sizeof(struct sample), GFP_KERNEL); // ok: unchecked-result
}

static int meter_short_circuit(struct meter *m)
{
	struct sample *s = meter_sample_alloc();
	struct sample *must = kmalloc(sizeof(*must), GFP_KERNEL | __GFP_NOFAIL);
	u32 value = s ? s->value : 0; // ok: unchecked-result

	must->value = value; // ok: unchecked-result
	list_add(&must->node, &m->samples);
	if (s && s->value == value) // ok: unchecked-result
		value++;
	kfree(s);
	return value;
}

static int meter_in_condition(struct meter *m)
{
	u8 *buf;

	if (WARN_ON(!(buf = kmalloc(16, GFP_KERNEL))))
		return -ENOMEM;
	memset(buf, 0, 16); // ok: unchecked-result
	kfree(m->buf);
	m->buf = buf;
	return 0;
}

static int meter_size(struct meter *m)
{
	struct sample *s = kmalloc(sizeof(*s), GFP_KERNEL);
	int size = sizeof(*s) + ARRAY_SIZE(s->raw); // ok: unchecked-result

	if (unlikely(s == NULL))
		return -ENOMEM;
	memset(s->raw, 0, sizeof(s->raw)); // ok: unchecked-result
	list_add(&s->node, &m->samples);
	return size;
}

static int meter_retry(struct meter *m)
{
	u8 *buf = NULL;
	int ret = 0;

	while (!buf)
		buf = kmalloc(16, GFP_KERNEL);
	buf[0] = 0; // ok: unchecked-result
	swap(m->buf, buf);
	kfree(buf);

	buf = kstrdup("meter", GFP_KERNEL);
	if (!buf)
		ret = -ENOMEM;
	if (ret)
		return ret;
	buf[0] = 'M'; // ok: unchecked-result
	kfree(buf);
	return 0;
}

int meter_exercise(struct meter *m)
{
	struct platform_device *pdev = to_platform_device(m->dev);

	meter_snapshot(m, "0123456789abcde");
	meter_wrong_order(m);
	return meter_reserve(m, 8) ?: meter_window(pdev) ?: meter_class(m) ?:
	       meter_one_of_two(m) ?: meter_add(m, 1) ?: meter_add_pair(m) ?: meter_map(m, pdev) ?:
	       meter_clock_checked(m) ?: meter_short_circuit(m) ?: meter_in_condition(m) ?:
	       meter_size(m) ?: meter_retry(m);
}

static int meter_send(struct meter *m)
{
	return m->dev ? 0 : -ENODEV;
}

/* The first error is overwritten, the last one is not looked at. */
int meter_start(struct meter *m)
{
	int ret;

	ret = meter_send(m); // warning: unchecked-result "the error of meter_send() in `ret` is never looked at"
	ret = meter_class(m); // related: unchecked-result "`ret` is overwritten here"
	if (ret)
		return ret;

	ret = meter_send(m); // warning: unchecked-result "the error of meter_send() in `ret` is never looked at"
	return 0;
}

/* It fails already: what it puts back cannot help any more. */
int meter_refuse(struct meter *m)
{
	int ret;

	if (m->rate > 9) {
		ret = meter_send(m); // ok: unchecked-result
		dev_err(m->dev, "too fast\n");
		return -EINVAL;
	}
	return 0;
}

int meter_register(struct meter *m, int reg)
{
	if (!m->regs)
		return -ENXIO;
	return readb(m->regs + reg);
}

/* The first read only acknowledges; the value of the second is what counts. */
bool meter_is_full(struct meter *m)
{
	int ret;

	ret = meter_register(m, 4); // ok: unchecked-result
	ret = meter_register(m, 8);
	return (ret & 1) == 0;
}

static struct proc_dir_entry *meter_entry;
static struct proc_dir_entry *meter_used;

/* An entry that nothing asks for again may be absent. */
void meter_publish(const struct proc_ops *ops)
{
	meter_entry = proc_create("meter", 0444, NULL, ops); // ok: unchecked-result
	meter_used = proc_create("used", 0444, NULL, ops); // warning: unchecked-result "`meter_used` may be NULL: proc_create() was not checked"
	proc_set_size(meter_used, 4);
}

/* What copy_to_user() did not copy is overwritten by the number of bytes. */
ssize_t meter_report(struct meter *m, char __user *to)
{
	ssize_t done = 0;

	if (m->rate) {
		done = copy_to_user(to, &m->rate, sizeof(m->rate)); // warning: unchecked-result "the error of copy_to_user() in `done` is never looked at"
		m->rate = 0;
		done = sizeof(m->rate);
	}
	return done;
}

int meter_sum(struct meter *m)
{
	int ret, sum = 0, i;

	for (i = 0; i < 2; i++) {
		ret = meter_send(m); // ok: unchecked-result
		sum |= ret;
	}
	return sum;
}

/* Looked at on one of the paths only. */
int meter_kick(struct meter *m, bool wait)
{
	int ret;

	ret = meter_send(m); // ok: unchecked-result
	if (!wait)
		return 0;
	return ret;
}

/* devm_ioremap_resource() refuses NULL, so that its result tells. */
int meter_linear(struct platform_device *pdev, resource_size_t *size)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 1);
	void __iomem *regs = devm_ioremap_resource(&pdev->dev, res);

	if (IS_ERR(regs))
		return PTR_ERR(regs);
	*size = resource_size(res); // ok: unchecked-result
	return 0;
}

/* Functions of the driver fail in the same way as those of the kernel. */
static struct sample *meter_sample_new(u32 value)
{
	struct sample *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->value = value;
	return s;
}

static struct sample *meter_sample_last(struct meter *m)
{
	if (list_empty(&m->samples))
		return ERR_PTR(-ENODATA);
	return list_last_entry(&m->samples, struct sample, node);
}

static struct sample *meter_sample_find(struct meter *m, u32 value)
{
	struct sample *s;

	list_for_each_entry(s, &m->samples, node)
		if (s->value == value)
			return s;
	return NULL;
}

int meter_compare(struct meter *m)
{
	struct sample *fresh = meter_sample_new(4); // related: unchecked-result "meter_sample_new() returns NULL when it fails"
	struct sample *last, *found;

	list_add(&fresh->node, &m->samples);
	fresh->raw[0] = 1; // warning: unchecked-result "`fresh` may be NULL: meter_sample_new() was not checked"
	last = meter_sample_last(m);
	found = meter_sample_find(m, last->value); // warning: unchecked-result "`last` may be an error pointer: meter_sample_last() was not checked"
	return found->raw[0]; // hint: unchecked-result "`found` may be NULL: meter_sample_find() was not checked"
}

/* How these fail the kernel's own source tells; one of them nearly everybody tests, the other hardly anybody. */
int meter_cells(struct meter *m, struct device_node *np)
{
	struct property *cells = of_find_property(np, "cells", NULL);
	struct irq_chip_generic *gc = irq_get_domain_generic_chip(m->domain, 0);

	gc->mask_cache = 0; // ok: unchecked-result
	return cells->length; // warning: unchecked-result "`cells` may be NULL: of_find_property() was not checked"
}

int meter_compare_checked(struct meter *m)
{
	struct sample *last, *fresh, *other = meter_sample_last(m);

	if (other == ERR_PTR(-ENODATA))
		return 0;
	m->rate = other->value; // ok: unchecked-result
	fresh = meter_sample_new(4);

	if (!fresh)
		return -ENOMEM;
	list_add(&fresh->node, &m->samples); // ok: unchecked-result
	last = meter_sample_last(m);
	return IS_ERR(last) ? PTR_ERR(last) : last->raw[0]; // ok: unchecked-result
}

/* Nobody tests what is always there. */
static struct sample *meter_bank(struct sample *banks, int which)
{
	switch (which) {
	case 0:
	case 1:
		return &banks[which];
	default:
		return NULL;
	}
}

u32 meter_banks(struct sample *banks)
{
	struct sample *first = meter_bank(banks, 0);
	struct sample *second = meter_bank(banks, 1);

	return first->value + second->value; // ok: unchecked-result
}

static irqreturn_t meter_interrupt(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int meter_thread(void *data)
{
	return 0;
}

/* Nobody looks whether there is an interrupt. */
int meter_irqs(struct meter *m, struct platform_device *pdev)
{
	unsigned int full = platform_get_irq(pdev, 0); // warning: unchecked-result "`full` may be a negative errno: platform_get_irq() was not checked"
	int empty = platform_get_irq(pdev, 1); // ok: unchecked-result
	int ret;

	ret = devm_request_irq(m->dev, full, meter_interrupt, 0, "full", m);
	if (ret)
		return ret;
	if (empty < 0)
		return empty;
	return devm_request_irq(m->dev, empty, meter_interrupt, 0, "empty", m);
}

/* Never tested, or only for NULL, which an error pointer is not. */
int meter_names(struct meter *m, struct class *class)
{
	char *name = kasprintf(GFP_KERNEL, "meter%lu", m->rate); // warning: unchecked-result "`name` may be NULL: kasprintf() was not checked"

	m->thread = kthread_run(meter_thread, m, "meter"); // warning: unchecked-result "`m->thread` may be an error pointer: kthread_run() was not checked"
	m->clk = devm_clk_get(m->dev, name); // warning: unchecked-result "`m->clk` may be an error pointer: devm_clk_get() was not checked"
	kfree(name);
	m->rate = clk_get_rate(m->clk);
	return 0;
}

void meter_halt(struct meter *m)
{
	if (m->thread)
		kthread_stop(m->thread);
}

/* The 0 that is stored over it says that the error does not matter. */
int meter_pause(struct meter *m, bool abrupt)
{
	int ret = 0;

	if (abrupt)
		ret = clk_set_rate(m->clk, 0); // ok: unchecked-result
	/* It may have stopped already. */
	ret = 0;
	return ret;
}

/* Whoever asks whether the client has a driver has looked at the pointer. */
int meter_attach(struct meter *m, struct i2c_adapter *adapter, const struct i2c_board_info *info)
{
	struct i2c_client *client = i2c_new_client_device(adapter, info);

	if (!i2c_client_has_driver(client))
		return -ENODEV;
	m->dev = &client->dev;
	dev_info(client->dev.parent, "attached\n"); // ok: unchecked-result
	return 0;
}

/* NULL stands for no table, however that comes about. */
void meter_cache(struct meter *m, const u32 *from, bool wanted)
{
	u32 *table = NULL;

	if (wanted)
		table = kmemdup(from, 64, GFP_KERNEL); // ok: unchecked-result
	rcu_assign_pointer(m->table, table);
}

static void *meter_grow(struct meter *m, size_t size)
{
	if (size) {
		m->buf = krealloc(m->buf, size, GFP_KERNEL | __GFP_NOFAIL);
		if (size == 1)
			m->buf = NULL;
	}
	return m->buf;
}

/* The allocation does not fail, and the size is not 1. */
u8 meter_append(struct meter *m, size_t size)
{
	u8 *buf = meter_grow(m, size + 16);

	buf[size] = 1; // hint: unchecked-result "meter_grow() was not checked"
	return buf[0];
}

unsigned long meter_type(struct meter *m, const struct of_device_id *ids)
{
	return (unsigned long)of_match_device(ids, m->dev)->data; // warning: unchecked-result "the result of of_match_device() may be NULL, and is used unchecked"
}

/* Said once, not at each of them. */
int meter_tune(struct meter *m)
{
	int ret;

	ret = clk_set_rate(m->clk, 1); // warning: unchecked-result "the error of clk_set_rate() in `ret` is never looked at"
	ret = clk_set_rate(m->clk, 2); // related: unchecked-result "nor is that of clk_set_rate() here"
	ret = clk_set_rate(m->clk, 3); // ok: unchecked-result
	ret = clk_set_rate(m->clk, 4); // ok: unchecked-result
	ret = clk_set_rate(m->clk, 5); // ok: unchecked-result
	ret = clk_set_rate(m->clk, 6);
	return ret;
}

MODULE_DESCRIPTION("Meter");
MODULE_LICENSE("GPL");
