using ImageScan.Core.Images;
using Spectre.Console;

namespace ImageScan.Local.Output;

/// <summary>The two outputs of the command line: results on stdout, everything said on the way on stderr.</summary>
internal static class Terminal
{
    // Wide enough that no column is broken where nobody looks at a window.
    private const int WidthWithoutWindow = 200;

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Writes one line of a result, made safe.</summary>
    public static void Line(string text) => WriteWhole(Out, text);

    /// <summary>Says something on stderr, made safe.</summary>
    public static void Say(string text) => WriteWhole(Error, text);

    // The console would break a long line itself, and then a line in a log or a pipe is two.
    private static void WriteWhole(IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(HostileText.Plain(text, int.MaxValue));

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = WidthWithoutWindow;
        }

        return console;
    }
}
