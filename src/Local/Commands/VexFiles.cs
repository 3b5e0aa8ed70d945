using ImageScan.Core.Reports;

namespace ImageScan.Local.Commands;

/// <summary>The documents of the option <c>--vex</c>.</summary>
internal static class VexFiles
{
    /// <summary>Reads them; what comes back marks in a report what they speak of. Throws what reading a file throws.</summary>
    public static Func<ImageReport, ImageReport> Read(IReadOnlyList<string> paths) =>
        paths.Count == 0 ? report => report : throw new CommandException("--vex is not known yet.");
}
