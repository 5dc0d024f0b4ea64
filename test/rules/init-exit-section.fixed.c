// fixture: a meter that refers only to what is there.
#include <linux/init.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static u32 meter_defaults[4] = { 1, 2, 3, 4 };
static u32 meter_scale;

static void meter_setup(void)
{
	meter_scale = meter_defaults[0];
}

static void meter_teardown(void)
{
	meter_scale = 0;
}

/* Only meter_init() calls it. */
static void meter_prepare(void)
{
	meter_setup();
}

static int meter_reset(struct platform_device *pdev)
{
	meter_setup();
	return meter_defaults[1];
}

static int meter_probe(struct platform_device *pdev)
{
	return meter_reset(pdev);
}

static void meter_remove(struct platform_device *pdev)
{
}

static void meter_shutdown(struct platform_device *pdev)
{
	meter_reset(pdev);
}

static struct platform_driver meter_driver = {
	.driver = { .name = "meter" },
	.probe = meter_probe,
	.remove = meter_remove,
	.shutdown = meter_shutdown,
};

static int __init once_probe(struct platform_device *pdev)
{
	return meter_reset(pdev);
}

static void __exit once_remove(struct platform_device *pdev)
{
}

static struct platform_driver once_driver = {
	.driver = { .name = "once" },
	.probe = once_probe,
	.remove = __exit_p(once_remove),
};

static int __init meter_init(void)
{
	int ret;

	meter_prepare();
	ret = platform_driver_register(&meter_driver);
	if (ret)
		return ret;

	ret = platform_driver_probe(&once_driver, once_probe);
	if (ret) {
		meter_teardown();
		platform_driver_unregister(&meter_driver);
	}
	return ret;
}
module_init(meter_init);

static void __exit meter_exit(void)
{
	platform_driver_unregister(&once_driver);
	platform_driver_unregister(&meter_driver);
	meter_teardown();
}
module_exit(meter_exit);

MODULE_DESCRIPTION("Meter");
MODULE_LICENSE("GPL");
