using System.CommandLine;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Local.Commands;

/// <summary>The option <c>--fail-on</c>, and what it stops.</summary>
internal static class SeverityGate
{
    // StackRox's words, and those that Trivy and Grype have for the same.
    private static readonly Dictionary<string, Severity> Gates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["low"] = Severity.Low,
        ["negligible"] = Severity.Low,
        ["moderate"] = Severity.Moderate,
        ["medium"] = Severity.Moderate,
        ["important"] = Severity.Important,
        ["high"] = Severity.Important,
        ["critical"] = Severity.Critical,
    };

    public static Option<string?> Option()
    {
        var option = new Option<string?>("--fail-on")
        {
            Description = "Exit with 1 if a vulnerability is at least this severe: low (or negligible), moderate (or medium), important (or high), critical.",
            HelpName = "SEVERITY",
        };
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. Gates.Keys]);
        return option;
    }

    /// <summary>The severity that the option names; null if it is not given.</summary>
    public static Severity? Of(string? value) => value is null ? null : Gates[value];

    /// <summary>
    /// Whether a severity is at or above the gate. One that nobody has rated yet is no reason to let it pass: roxctl counts it as low, too.
    /// </summary>
    public static bool Stops(Severity severity, Severity gate) => (Severity)Math.Max((int)severity, (int)Severity.Low) >= gate;
}
