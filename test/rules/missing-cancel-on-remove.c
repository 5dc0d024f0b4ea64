// A lamp that blinks by a timer, dims by another, and reports by a work.
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

struct lamp {
	struct timer_list blink;
	struct timer_list dim;
	struct timer_list pulse;
	struct work_struct report;
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

/* Nothing makes this one run. */
static void lamp_pulse(struct timer_list *timer)
{
	struct lamp *lamp = container_of(timer, struct lamp, pulse);

	lamp->on = true;
}

static void lamp_report(struct work_struct *work)
{
	struct lamp *lamp = container_of(work, struct lamp, report);

	pr_info("lamp: %d\n", lamp->on);
}

static void lamp_quiet(struct lamp *lamp)
{
	cancel_work_sync(&lamp->report);
}

static int lamp_probe(struct platform_device *pdev)
{
	struct lamp *lamp;

	lamp = devm_kzalloc(&pdev->dev, sizeof(*lamp), GFP_KERNEL);
	if (!lamp)
		return -ENOMEM;
	timer_setup(&lamp->blink, lamp_blink, 0);
	timer_setup(&lamp->dim, lamp_dim, 0); // ok: missing-cancel-on-remove
	timer_setup(&lamp->pulse, lamp_pulse, 0); // ok: missing-cancel-on-remove
	INIT_WORK(&lamp->report, lamp_report); // ok: missing-cancel-on-remove
	platform_set_drvdata(pdev, lamp);
	schedule_work(&lamp->report);
	mod_timer(&lamp->blink, jiffies + HZ);
	mod_timer(&lamp->dim, jiffies + 10 * HZ);
	return 0;
}

static void lamp_remove(struct platform_device *pdev) // warning: missing-cancel-on-remove "timer `lamp->blink` may still be pending or running when the driver core frees its data after this function"
{
	struct lamp *lamp = platform_get_drvdata(pdev);

	lamp->on = false;
	timer_shutdown_sync(&lamp->dim);
	lamp_quiet(lamp);
}

static struct platform_driver lamp_driver = {
	.probe = lamp_probe,
	.remove_new = lamp_remove,
	.driver = { .name = "lamp" },
};
module_platform_driver(lamp_driver);

MODULE_LICENSE("GPL");
