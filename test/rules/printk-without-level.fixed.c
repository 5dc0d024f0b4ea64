// fixture: a greeter that says how important it is.
#include <linux/module.h>
#include <linux/printk.h>

static const char *greeting = "hello\n";

static int __init greeter_init(void)
{
	pr_info("hello\n");
	printk(KERN_INFO "hello\n");
	printk(greeting);
	pr_info("hello\n");
	return 0;
}
module_init(greeter_init);

MODULE_DESCRIPTION("Greeter");
MODULE_LICENSE("GPL");
