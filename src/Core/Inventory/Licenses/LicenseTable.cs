using System.Reflection;

namespace ImageScan.Core.Inventory.Licenses;

/// <summary>The tables of this folder, which are part of the program.</summary>
internal static class LicenseTable
{
    /// <summary>The rows of a file, each divided at its tabs; without comments and empty lines.</summary>
    public static string[][] Rows(string file)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'))];
    }
}
