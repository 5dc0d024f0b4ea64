// fixture: interrupts that are requested before their handler has what it needs.
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/power_supply.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define PUMP_STATUS 0x04

struct pump {
	struct device *dev;
	void __iomem *regs;
	struct completion done;
	wait_queue_head_t wait;
	spinlock_t lock;
	struct work_struct work;
	struct list_head jobs;
	u32 *ring;
	bool ready;
	int irq;
};

static void pump_work(struct work_struct *work)
{
	struct pump *p = container_of(work, struct pump, work);

	dev_info(p->dev, "drained\n");
}

static void pump_finish(struct pump *p)
{
	complete(&p->done); // related: irq-requested-before-ready "pump_finish() uses `p->done` here"
}

static irqreturn_t pump_irq(int irq, void *data)
{
	struct pump *p = data;
	u32 status = readl(p->regs + PUMP_STATUS); // related: irq-requested-before-ready "pump_irq() uses `p->regs` here"

	if (!status)
		return IRQ_NONE;
	pump_finish(p); // related: irq-requested-before-ready "pump_finish() called here"
	return IRQ_HANDLED;
}

/* It asks whether the driver is ready. */
static irqreturn_t pump_patient_irq(int irq, void *data)
{
	struct pump *p = data;

	if (!p->ready)
		return IRQ_NONE;
	wake_up(&p->wait); // ok: irq-requested-before-ready
	return IRQ_HANDLED;
}

static irqreturn_t pump_thread(int irq, void *data)
{
	struct pump *p = data;

	if (p->ring) // the pointer is asked for before it is followed
		p->ring[0] = 0;
	spin_lock(&p->lock);
	schedule_work(&p->work);
	spin_unlock(&p->lock);
	return IRQ_HANDLED;
}

static irqreturn_t pump_data_irq(int irq, void *data)
{
	struct platform_device *pdev = data;
	struct pump *p = platform_get_drvdata(pdev);

	p->irq = irq;
	return IRQ_HANDLED;
}

static int pump_init_locks(struct pump *p)
{
	spin_lock_init(&p->lock);
	INIT_WORK(&p->work, pump_work);
	return 0;
}

static int pump_probe(struct platform_device *pdev)
{
	struct pump *p = platform_get_drvdata(pdev);
	int ret;

	ret = devm_request_irq(&pdev->dev, p->irq, pump_irq, 0, "pump", p); // warning: irq-requested-before-ready "`p->regs` and `p->done` (completion) are set up only after devm_request_irq(), but pump_irq() uses them"
	if (ret)
		return ret;
	init_completion(&p->done); // related: irq-requested-before-ready "`p->done` (completion) is set up here"
	p->regs = devm_platform_ioremap_resource(pdev, 0); // related: irq-requested-before-ready "`p->regs` is set up here"
	return PTR_ERR_OR_ZERO(p->regs);
}

static int pump_probe_through_callee(struct platform_device *pdev, struct pump *p)
{
	int ret;

	ret = devm_request_threaded_irq(&pdev->dev, p->irq, NULL, pump_thread, IRQF_ONESHOT, "pump", p); // warning: irq-requested-before-ready "`p->lock` (spinlock) and `p->work` (work item) are set up only after devm_request_threaded_irq()"
	if (ret)
		return ret;
	p->ring = devm_kzalloc(&pdev->dev, 64, GFP_KERNEL);
	if (!p->ring)
		return -ENOMEM;
	return pump_init_locks(p);
}

static int pump_probe_data(struct platform_device *pdev, struct pump *p)
{
	int ret;

	ret = devm_request_irq(&pdev->dev, p->irq, pump_data_irq, 0, "pump", pdev); // warning: irq-requested-before-ready "the driver data is set up only after devm_request_irq(), but pump_data_irq() uses it"
	if (ret)
		return ret;
	platform_set_drvdata(pdev, p);
	return 0;
}

static int pump_probe_patient(struct platform_device *pdev, struct pump *p)
{
	int ret;

	ret = devm_request_irq(&pdev->dev, p->irq, pump_patient_irq, 0, "pump", p); // ok: irq-requested-before-ready
	if (ret)
		return ret;
	init_waitqueue_head(&p->wait);
	p->ready = true;
	return 0;
}

struct valve {
	struct completion done;
	struct list_head jobs;
	int irq;
};

static irqreturn_t valve_irq(int irq, void *data)
{
	struct valve *v = data;

	complete(&v->done);
	return IRQ_HANDLED;
}

/* The line stays off until enable_irq(). */
static int valve_probe(struct platform_device *pdev, struct valve *v)
{
	int ret;

	ret = devm_request_irq(&pdev->dev, v->irq, valve_irq, IRQF_NO_AUTOEN, "valve", v); // ok: irq-requested-before-ready
	if (ret)
		return ret;
	init_completion(&v->done);
	INIT_LIST_HEAD(&v->jobs);
	enable_irq(v->irq);
	return 0;
}

struct latch {
	struct completion done;
	int irq;
};

static irqreturn_t latch_irq(int irq, void *data)
{
	struct latch *v = data;

	complete(&v->done);
	return IRQ_HANDLED;
}

/* The same, said before. */
static int latch_probe_masked(struct platform_device *pdev, struct latch *v)
{
	int ret;

	irq_set_status_flags(v->irq, IRQ_NOAUTOEN);
	ret = devm_request_irq(&pdev->dev, v->irq, latch_irq, 0, "latch", v); // ok: irq-requested-before-ready
	if (ret)
		return ret;
	init_completion(&v->done);
	enable_irq(v->irq);
	return 0;
}

static struct platform_driver pump_driver = {
	.probe = pump_probe,
	.driver = { .name = "pump" },
};
module_platform_driver(pump_driver);

/* The end: managed interrupts outlive what is stopped by hand, and what was added after them. */
struct alarm {
	int irq;
	struct workqueue_struct *wq;
	struct work_struct work;
	struct delayed_work poll;
};

static irqreturn_t alarm_irq(int irq, void *data)
{
	struct alarm *a = data;

	queue_work(a->wq, &a->work); // related: irq-requested-before-ready "alarm_irq() calls queue_work() here"
	schedule_delayed_work(&a->poll, HZ);
	return IRQ_HANDLED;
}

static void alarm_stop_poll(void *data)
{
	struct delayed_work *poll = data;

	cancel_delayed_work_sync(poll);
}

static int alarm_probe(struct platform_device *pdev)
{
	struct alarm *a = platform_get_drvdata(pdev);
	int ret;

	ret = devm_request_irq(&pdev->dev, a->irq, alarm_irq, 0, "alarm", a); // related: irq-requested-before-ready "devm_request_irq() requested the interrupt here"
	if (ret)
		return ret;
	return devm_add_action_or_reset(&pdev->dev, alarm_stop_poll, &a->poll); // warning: irq-requested-before-ready "this action stops `a->poll` before the interrupt of devm_request_irq() is freed"
}

static void alarm_remove(struct platform_device *pdev)
{
	struct alarm *a = platform_get_drvdata(pdev);

	destroy_workqueue(a->wq); // warning: irq-requested-before-ready "destroy_workqueue() stops `a->wq`, but the interrupt of devm_request_irq() is freed only after alarm_remove()"
}

static struct platform_driver alarm_driver = {
	.probe = alarm_probe,
	.remove = alarm_remove,
};

struct siren {
	int irq;
	struct workqueue_struct *wq;
	struct work_struct work;
};

static irqreturn_t siren_irq(int irq, void *data)
{
	struct siren *s = data;

	queue_work(s->wq, &s->work);
	return IRQ_HANDLED;
}

static int siren_probe(struct platform_device *pdev)
{
	struct siren *s = platform_get_drvdata(pdev);
	int ret;

	s->wq = alloc_ordered_workqueue("siren", 0);
	if (!s->wq)
		return -ENOMEM;
	ret = devm_request_irq(&pdev->dev, s->irq, siren_irq, 0, "siren", s);
	if (ret)
		goto err_wq;
	ret = device_create_file(&pdev->dev, &dev_attr_siren);
	if (ret)
		goto err_wq;
	return 0;

err_wq:
	destroy_workqueue(s->wq); // warning: irq-requested-before-ready "destroy_workqueue() stops `s->wq`, but the interrupt of devm_request_irq() is freed only after siren_probe()"
	return ret;
}

static struct platform_driver siren_driver = {
	.probe = siren_probe,
};

struct horn {
	int irq;
	spinlock_t lock;
	struct mutex list_lock;
	struct power_supply *supply;
	struct work_struct work;
};

irqreturn_t horn_far_irq(int irq, void *data);

static void horn_work(struct work_struct *work)
{
	struct horn *h = container_of(work, struct horn, work);

	power_supply_changed(h->supply); // related: irq-requested-before-ready "horn_work() uses `h->supply` here"
}

static irqreturn_t horn_irq(int irq, void *data)
{
	struct horn *h = data;

	schedule_work(&h->work); // related: irq-requested-before-ready "schedule_work() called here"
	return IRQ_HANDLED;
}

static int horn_set_up(struct device *dev, struct horn *h, const struct power_supply_desc *desc)
{
	int ret;

	INIT_WORK(&h->work, horn_work);
	ret = devm_request_irq(dev, h->irq, horn_irq, 0, "horn", h); // warning: irq-requested-before-ready "`h->supply` is set up only after devm_request_irq(), but horn_irq() uses it"
	if (ret)
		return ret;
	h->supply = devm_power_supply_register(dev, desc, NULL);
	return PTR_ERR_OR_ZERO(h->supply);
}

static int horn_set_up_far(struct device *dev, struct horn *h)
{
	int ret;

	ret = devm_request_irq(dev, h->irq, horn_far_irq, 0, "horn", h); // information: irq-requested-before-ready "`h->lock` (spinlock) is set up only after devm_request_irq(), but horn_far_irq(), in another file, gets the object at once and may use it"
	if (ret)
		return ret;
	spin_lock_init(&h->lock);
	mutex_init(&h->list_lock); // ok: irq-requested-before-ready
	return 0;
}

struct whistle {
	int irq;
	spinlock_t lock;
};

static void whistle_chained(struct irq_desc *desc)
{
	struct whistle *w = irq_desc_get_handler_data(desc);

	spin_lock(&w->lock);
	spin_unlock(&w->lock);
}

void whistle_chain(struct whistle *w)
{
	irq_set_chained_handler_and_data(w->irq, whistle_chained, w); // warning: irq-requested-before-ready "`w->lock` (spinlock) is set up only after irq_set_chained_handler_and_data(), but whistle_chained() uses it"
	spin_lock_init(&w->lock);
}

struct knob {
	int irq;
	int turns;
};

static struct knob *the_knob;

static irqreturn_t knob_irq(int irq, void *data)
{
	struct knob *knob = data;

	knob->turns++;
	return IRQ_HANDLED;
}

static int knob_probe(struct platform_device *pdev)
{
	struct knob *knob;
	int ret;

	knob = kzalloc(sizeof(*knob), GFP_KERNEL);
	if (!knob)
		return -ENOMEM;
	the_knob = knob;
	ret = devm_request_irq(&pdev->dev, knob->irq, knob_irq, 0, "knob", knob); // related: irq-requested-before-ready "leaves the interrupt to the driver core, which frees it after knob_remove()"
	if (ret)
		kfree(knob); // ok: irq-requested-before-ready
	return ret;
}

static void knob_remove(struct platform_device *pdev)
{
	struct knob *knob = the_knob;

	kfree(knob); // warning: irq-requested-before-ready "the interrupt handler may still be called with `knob` when it is freed here: devm_free_irq() is missing"
}

static struct platform_driver knob_driver = {
	.probe = knob_probe,
	.remove_new = knob_remove,
	.driver = { .name = "knob" },
};
module_platform_driver(knob_driver);

struct tick {
	struct work_struct work;
	int irq;
};

static irqreturn_t tick_irq(int irq, void *data)
{
	struct tick *tick = data;

	schedule_work(&tick->work);
	return IRQ_HANDLED;
}

static void tick_work(struct work_struct *work)
{
}

/* It stays off until each CPU turns it on. */
int tick_start(struct tick *tick, void __percpu *data)
{
	int ret = request_percpu_irq(tick->irq, tick_irq, "tick", data); // ok: irq-requested-before-ready

	if (ret)
		return ret;
	INIT_WORK(&tick->work, tick_work);
	enable_percpu_irq(tick->irq, IRQ_TYPE_NONE);
	return 0;
}

MODULE_LICENSE("GPL");
