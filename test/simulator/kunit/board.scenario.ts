// Says what the board has, before the driver is loaded and after.
import { dt_overlay } from "driverlab/hardware";
import { EXPECT_EQ, insmod, rmmod, test } from "driverlab/scenario";
import { EINVAL } from "linux/errno";

test("a board with a button and a sensor", () => {
  EXPECT_EQ(
    dt_overlay(`
      /dts-v1/;
      /plugin/;
      / {
        button {
          compatible = "acme,button", "acme,input";
          debounce-interval = <0x10>; // milliseconds
          wakeup-source;
          button-gpios = <&pl061 2 GPIO_ACTIVE_HIGH>, <&pl061 3 GPIO_ACTIVE_LOW>;
          led-gpio = <&pl061 4 0>;
          friend = <&shelf>;
        };
        /* It has a label of its own. */
        shelf: board-shelf { label = "shelf"; numbers = <1 2 3>; };
        off@6000 { compatible = "acme,off"; status = "disabled"; };
      };
      &pl061 { acme,extra = <7>; };
      &designware_i2c { sensor@48 { compatible = "acme,sensor"; reg = <0x48>; }; };
      / { late@5000 { compatible = "acme,late"; reg = <0x5000 0x100>; interrupts = <70>; }; };
    `),
    0,
  );
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(rmmod(), 0);
});

test("what is no device tree is refused", () => {
  EXPECT_EQ(dt_overlay("/ { button { compatible = acme; }; };"), -EINVAL);
  EXPECT_EQ(dt_overlay("/ {\n button { gpios = <&nobody 1>; };\n};"), -EINVAL);
  EXPECT_EQ(dt_overlay("&nobody { };"), -EINVAL);
  EXPECT_EQ(dt_overlay("/ { button {"), -EINVAL);
});
