// SPDX-License-Identifier: GPL-2.0
// fixture: a driver that states its licence.
#include <linux/i2c.h>
#include <linux/module.h>

static int sensor_probe(struct i2c_client *client)
{
	dev_info(&client->dev, "found\n");
	return 0;
}

static const struct i2c_device_id sensor_ids[] = {
	{ "sensor" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, sensor_ids);

static struct i2c_driver sensor_driver = {
	.driver = { .name = "sensor" },
	.probe = sensor_probe,
	.id_table = sensor_ids,
};
module_i2c_driver(sensor_driver);

static int debug;
module_param(debug, int, 0444);
MODULE_PARM_DESC(debug, "more messages");

MODULE_AUTHOR("A. Person");
MODULE_DESCRIPTION("Sensor");
MODULE_LICENSE("GPL");
