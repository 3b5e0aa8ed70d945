using ImageScan.Core.Inventory;

namespace ImageScan.Local.Output;

/// <summary>Says on stderr what a scan could not read or tell.</summary>
internal static class WarningLines
{
    private const int Most = 20;

    /// <summary>Says that the distribution's release is not mended any more, if it is not.</summary>
    public static void WriteEnd(Distribution? distribution, EndOfLife? ended)
    {
        if (ended is not null && distribution is not null)
        {
            string release = distribution.Name.Length > 0 ? distribution.Name : $"{distribution.Id} {distribution.VersionId}";
            Terminal.Say($"Warning: {ended.Sentence(release, DateOnly.FromDateTime(DateTime.UtcNow))}");
        }
    }

    public static void Write(IReadOnlyList<InventoryWarning> warnings)
    {
        foreach (InventoryWarning warning in warnings.Take(Most))
        {
            Terminal.Say(warning.Path.Length > 0 ? $"Warning: {warning.Path}: {warning.Reason}" : $"Warning: {warning.Reason}");
        }

        if (warnings.Count > Most)
        {
            Terminal.Say($"Warning: {warnings.Count - Most} more of the kind; `imagescan inventory IMAGE --format json` lists all.");
        }
    }
}
