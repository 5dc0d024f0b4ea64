// A charger that polls its battery from a work and debounces its cable in a delayed work, and its lamp with a timer.
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/power_supply.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

struct charger {
	struct device *dev;
	struct work_struct poll;
	struct work_struct report;
	struct delayed_work debounce;
	struct timer_list watchdog;
	int level;
};

static void charger_poll(struct work_struct *work)
{
	struct charger *charger = container_of(work, struct charger, poll);

	charger->level++;
}

static void charger_report(struct work_struct *work)
{
	struct charger *charger = container_of(work, struct charger, report);

	dev_info(charger->dev, "level %d\n", charger->level);
}

static void charger_debounce(struct work_struct *work)
{
	struct charger *charger = container_of(work, struct charger, debounce.work);

	schedule_work(&charger->report);
}

/* Nothing makes this one run. */
static void charger_watchdog(struct timer_list *timer)
{
	struct charger *charger = container_of(timer, struct charger, watchdog);

	charger->level = 0;
}

static irqreturn_t charger_irq(int irq, void *data)
{
	struct charger *charger = data;

	schedule_work(&charger->poll);
	schedule_delayed_work(&charger->debounce, HZ / 10);
	return IRQ_HANDLED;
}

static int charger_probe(struct platform_device *pdev)
{
	struct charger *charger;

	charger = kzalloc(sizeof(*charger), GFP_KERNEL);
	if (!charger)
		return -ENOMEM;
	charger->dev = &pdev->dev;
	INIT_WORK(&charger->poll, charger_poll);
	INIT_WORK(&charger->report, charger_report);
	INIT_DELAYED_WORK(&charger->debounce, charger_debounce);
	timer_setup(&charger->watchdog, charger_watchdog, 0);
	platform_set_drvdata(pdev, charger);
	return 0;
}

static void charger_remove(struct platform_device *pdev)
{
	struct charger *charger = platform_get_drvdata(pdev);

	cancel_delayed_work_sync(&charger->debounce);
	cancel_work_sync(&charger->report);
	cancel_work_sync(&charger->poll);
	kfree(charger);
}

static struct platform_driver charger_driver = {
	.probe = charger_probe,
	.remove_new = charger_remove,
	.driver = { .name = "charger" },
};
module_platform_driver(charger_driver);

struct lamp {
	struct timer_list blink;
	struct timer_list dim;
	bool on;
};

static void lamp_blink(struct timer_list *timer)
{
	struct lamp *lamp = container_of(timer, struct lamp, blink);

	lamp->on = !lamp->on;
	mod_timer(&lamp->blink, jiffies + HZ);
}

static void lamp_dim(struct timer_list *timer)
{
	struct lamp *lamp = container_of(timer, struct lamp, dim);

	lamp->on = false;
}

static int lamp_probe(struct platform_device *pdev)
{
	struct lamp *lamp;

	lamp = devm_kzalloc(&pdev->dev, sizeof(*lamp), GFP_KERNEL);
	if (!lamp)
		return -ENOMEM;
	timer_setup(&lamp->blink, lamp_blink, 0);
	timer_setup(&lamp->dim, lamp_dim, 0);
	platform_set_drvdata(pdev, lamp);
	mod_timer(&lamp->blink, jiffies + HZ);
	mod_timer(&lamp->dim, jiffies + 10 * HZ);
	return 0;
}

static void lamp_remove(struct platform_device *pdev)
{
	struct lamp *lamp = platform_get_drvdata(pdev);

	timer_shutdown_sync(&lamp->blink);
	timer_shutdown_sync(&lamp->dim);
	lamp->on = false;
}

static struct platform_driver lamp_driver = {
	.probe = lamp_probe,
	.remove_new = lamp_remove,
	.driver = { .name = "lamp" },
};
module_platform_driver(lamp_driver);

struct knob {
	int irq;
	int turns;
};

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
	platform_set_drvdata(pdev, knob);
	ret = devm_request_irq(&pdev->dev, knob->irq, knob_irq, 0, "knob", knob);
	if (ret)
		kfree(knob);
	return ret;
}

static void knob_remove(struct platform_device *pdev)
{
	struct knob *knob = platform_get_drvdata(pdev);

	devm_free_irq(&pdev->dev, knob->irq, knob);
	kfree(knob);
}

static struct platform_driver knob_driver = {
	.probe = knob_probe,
	.remove_new = knob_remove,
	.driver = { .name = "knob" },
};
module_platform_driver(knob_driver);

MODULE_LICENSE("GPL");
