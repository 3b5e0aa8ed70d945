using ImageScan.Core.Images;
using Spectre.Console;

namespace ImageScan.Local.Output;

/// <summary>
/// The two outputs of the command line: results on stdout, everything said on the way on stderr. Colours are for terminals; NO_COLOR
/// (https://no-color.org) takes them away there, and FORCE_COLOR (https://force-color.org) brings them elsewhere.
/// </summary>
internal static class Terminal
{
    // Wide enough that no column is broken where nobody looks at a window.
    private const int WidthWithoutWindow = 200;

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Writes one line of a result, made safe.</summary>
    public static void Line(string text) => WriteWhole(Out, text);

    /// <summary>Writes a text of many lines, each made safe.</summary>
    public static void Lines(string text) => Out.Profile.Out.Writer.Write(Harmless(text));

    /// <summary>The text with its line breaks and tabs, and with question marks for whatever else a terminal might obey.</summary>
    public static string Harmless(string text) => string.Join(
        '\n',
        text.Split('\n').Select(line => string.Join('\t', line.TrimEnd('\r').Split('\t').Select(part => HostileText.Plain(part, int.MaxValue)))));

    /// <summary>Says something on stderr, made safe.</summary>
    public static void Say(string text) => WriteWhole(Error, text);

    /// <summary>What writes as into a pipe, without colours whatever the environment says.</summary>
    public static IAnsiConsole ForFile(TextWriter writer) => Create(writer, isRedirected: true, hasColours: false);

    // The console would break a long line itself, and then a line in a log or a pipe is two.
    private static void WriteWhole(IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(HostileText.Plain(text, int.MaxValue));

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected) =>
        Create(writer, isRedirected, !IsSet("NO_COLOR") && (!isRedirected || IsSet("FORCE_COLOR")));

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected, bool hasColours)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = !isRedirected ? AnsiSupport.Detect : hasColours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = !hasColours ? ColorSystemSupport.NoColors : isRedirected ? ColorSystemSupport.Standard : ColorSystemSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = WidthWithoutWindow;
        }

        return console;
    }

    // Both count when they are there and not empty.
    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
