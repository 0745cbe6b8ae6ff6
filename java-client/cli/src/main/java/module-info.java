/** The command line, and the only code that prints. It knows the library's exported API and nothing behind it. */
module io.github.irqscope.cli {
    requires io.github.irqscope;
    requires org.jline.terminal;
}
