using System.ComponentModel;
using System.Diagnostics;

namespace ImageScan.Local.Azurite;

/// <summary>Programs of this machine, found by name.</summary>
internal static class ProgramFiles
{
    // Windows installs npm as a script.
    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    /// <summary>The full path of the first program of that name on the search path; null if there is none.</summary>
    public static string? Find(string name, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Extensions.Select(extension => Path.Combine(folder, name + extension)))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts a program. Throws <see cref="AzuriteException"/> if the system will not.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new AzuriteException($"{start.FileName} does not start: {failure.Message} {AzuriteInstallation.Remedy}", failure);
        }
    }
}
