// KUnit: linux/input and linux/input-event-codes, with devices whose events the scenario makes and reads.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { __set_bit, set_bit, test_bit } from "linux/bitops";
import { BIT } from "linux/bits";
import { IS_ERR } from "linux/err";
import { EINVAL, ENOMEM } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import {
  BUS_VIRTUAL,
  devm_input_allocate_device,
  input_abs_get_val,
  input_abs_set_val,
  input_allocate_device,
  type input_dev,
  input_enable_softrepeat,
  input_event,
  input_free_device,
  input_get_drvdata,
  input_get_poll_interval,
  input_register_device,
  input_report_abs,
  input_report_key,
  input_report_rel,
  input_report_switch,
  input_set_abs_params,
  input_set_capability,
  input_set_drvdata,
  input_set_poll_interval,
  input_setup_polling,
  input_sync,
  input_unregister_device,
} from "linux/input";
import {
  ABS_X,
  EV_ABS,
  EV_KEY,
  EV_LED,
  EV_MSC,
  EV_REL,
  EV_REP,
  EV_SW,
  KEY_A,
  KEY_B,
  LED_CAPSL,
  MSC_SCAN,
  REL_X,
  SW_LID,
} from "linux/input-event-codes";
import { irqs_disabled } from "linux/irqflags";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import {
  type platform_device,
  platform_device_register_simple,
  platform_device_unregister,
  platform_driver,
  platform_driver_register,
  platform_driver_unregister,
} from "linux/platform_device";
import { type int, type long, type Ref, struct, u32, type uint, type ulong } from "linux/types";

const state = struct("state", { opens: u32, closes: u32, polls: u32, led: u32, atomic: u32 });
const the = state({});
let board: Ref<input_dev> | null = null;
let polled: Ref<input_dev> | null = null;
let managed: Ref<platform_device> | null = null;

function board_open(dev: Ref<input_dev>): int {
  input_get_drvdata(dev, state).opens += 1;
  return 0;
}
function board_close(dev: Ref<input_dev>): void {
  input_get_drvdata(dev, state).closes += 1;
}
function board_event(_dev: Ref<input_dev>, type: uint, code: uint, value: int): int {
  if (type === EV_LED && code === LED_CAPSL) the.led = value + 1;
  the.atomic = irqs_disabled() ? 1 : 0;
  return 0;
}

/** Reports what the scenario asks for. */
function poke_ioctl(_file: Ref<file>, cmd: uint, arg: ulong): long {
  const dev = board;
  if (!dev) return -EINVAL;
  switch (cmd) {
    case 1:
      input_report_key(dev, KEY_A, arg);
      input_report_key(dev, KEY_A, arg);
      input_report_key(dev, KEY_B, 1);
      input_sync(dev);
      input_sync(dev);
      return 0;
    case 2:
      input_report_rel(dev, REL_X, arg);
      input_report_rel(dev, REL_X, 0);
      input_event(dev, EV_MSC, MSC_SCAN, 7);
      input_report_switch(dev, SW_LID, 5);
      input_sync(dev);
      return 0;
    case 3:
      input_report_abs(dev, ABS_X, arg);
      input_sync(dev);
      return input_abs_get_val(dev, ABS_X);
    case 4:
      return the.led + 10 * the.atomic;
    case 5:
      return the.opens * 10 + the.closes;
    case 6:
      return the.polls;
    case 7:
      for (let i = 0; i < arg; i++) input_report_rel(dev, REL_X, 1);
      input_sync(dev);
      return 0;
    default:
      return -EINVAL;
  }
}
const poke_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: poke_ioctl });
const poke = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "poke", fops: poke_fops });

function polled_poll(dev: Ref<input_dev>): void {
  the.polls += 1;
  input_report_key(dev, KEY_B, the.polls & 1);
  input_sync(dev);
}

function input_test_declaring(test: Ref<kunit>): void {
  const dev = input_allocate_device();
  if (!dev) return;
  input_set_capability(dev, EV_KEY, KEY_A);
  KUNIT_EXPECT_TRUE(test, test_bit(EV_KEY, dev.evbit) && test_bit(KEY_A, dev.keybit));
  input_set_capability(dev, EV_REL, 0x10);
  KUNIT_EXPECT_EQ(test, test_bit(EV_REL, dev.evbit), 0);
  // Bits without an absinfo are a mistake, and so is a code of a type that is not there.
  set_bit(EV_ABS, dev.evbit);
  KUNIT_EXPECT_EQ(test, input_register_device(dev), -EINVAL);
  input_set_abs_params(dev, ABS_X, 0, 100, 0, 0);
  set_bit(SW_LID, dev.swbit);
  KUNIT_EXPECT_EQ(test, input_register_device(dev), 0);
  KUNIT_EXPECT_EQ(test, test_bit(SW_LID, dev.swbit), 0);
  input_abs_set_val(dev, ABS_X, 42);
  KUNIT_EXPECT_EQ(test, input_abs_get_val(dev, ABS_X), 42);
  input_unregister_device(dev);
  const never = input_allocate_device();
  KUNIT_EXPECT_NOT_NULL(test, never);
  KUNIT_EXPECT_EQ(test, never ? input_get_poll_interval(never) : 0, -EINVAL);
  input_free_device(never);
}

function managed_probe(pdev: Ref<platform_device>): int {
  const dev = devm_input_allocate_device(pdev.dev);
  if (!dev) return -ENOMEM;
  dev.name = "managed";
  input_set_capability(dev, EV_KEY, KEY_A);
  return input_register_device(dev);
}
const managed_driver = platform_driver({ probe: managed_probe, driver: { name: "managed" } });

function input_test_data(test: Ref<kunit>): void {
  if (board) KUNIT_EXPECT_PTR_EQ(test, input_get_drvdata(board, state), the);
  if (polled) KUNIT_EXPECT_EQ(test, input_get_poll_interval(polled), 100);
}

function input_init(): int {
  const dev = input_allocate_device();
  const other = input_allocate_device();
  if (!dev || !other) return -ENOMEM;
  dev.name = "board";
  dev.id.bustype = BUS_VIRTUAL;
  dev.evbit[0] = BIT(EV_KEY) | BIT(EV_REL) | BIT(EV_MSC) | BIT(EV_SW) | BIT(EV_LED) | BIT(EV_REP);
  __set_bit(KEY_A, dev.keybit);
  __set_bit(REL_X, dev.relbit);
  __set_bit(MSC_SCAN, dev.mscbit);
  __set_bit(SW_LID, dev.swbit);
  __set_bit(LED_CAPSL, dev.ledbit);
  input_set_abs_params(dev, ABS_X, 0, 1000, 8, 0);
  input_enable_softrepeat(dev, 200, 50);
  dev.open = board_open;
  dev.close = board_close;
  dev.event = board_event;
  input_set_drvdata(dev, the);
  let err = input_register_device(dev);
  if (err) return err;
  board = dev;

  input_set_capability(other, EV_KEY, KEY_B);
  err = input_setup_polling(other, polled_poll);
  if (err) return err;
  input_set_poll_interval(other, 100);
  err = input_register_device(other);
  if (err) return err;
  polled = other;

  err = platform_driver_register(managed_driver);
  if (err) return err;
  const pdev = platform_device_register_simple("managed", -1, null, 0);
  if (!IS_ERR(pdev)) managed = pdev;
  return misc_register(poke);
}

function input_exit(): void {
  misc_deregister(poke);
  if (managed) platform_device_unregister(managed);
  platform_driver_unregister(managed_driver);
  if (polled) input_unregister_device(polled);
  if (board) input_unregister_device(board);
}

kunit_test_suite(
  kunit_suite({ name: "input", test_cases: [KUNIT_CASE(input_test_declaring), KUNIT_CASE(input_test_data)] }),
);

module_init(input_init);
module_exit(input_exit);
MODULE_LICENSE("GPL");
