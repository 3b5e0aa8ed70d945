using ImageScan.Core.Reports;
using ImageScan.Core.Vex;

namespace ImageScan.Local.Commands;

/// <summary>The documents of the option <c>--vex</c>.</summary>
internal static class VexFiles
{
    /// <summary>
    /// Reads them together, since one may link to another; what comes back marks in a report what they speak of. Throws <see cref="CommandException"/> for
    /// a document that cannot be read, and what opening a file throws.
    /// </summary>
    public static Func<ImageReport, ImageReport> Read(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return report => report;
        }

        var statements = new VexStatements([.. paths.Select(ReadOne)]);
        return report => VexDecisions.Apply(report, statements);
    }

    private static VexDocument ReadOne(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return VexReader.Read(file);
        }
        catch (FormatException wrong)
        {
            throw new CommandException($"{path}: {wrong.Message}");
        }
    }
}
