using ImageScan.Core.Inventory;

namespace ImageScan.Local.Output;

/// <summary>Says on stderr what a scan could not read or tell.</summary>
internal static class WarningLines
{
    private const int Most = 20;

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
