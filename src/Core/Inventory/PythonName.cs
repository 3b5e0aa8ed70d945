using System.Text;

namespace ImageScan.Core.Inventory;

/// <summary>Names of Python distributions, of which many spellings are one: https://peps.python.org/pep-0503/#normalized-names.</summary>
public static class PythonName
{
    /// <summary>Lower case, with a single dash for every run of <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public static string Normalize(string name)
    {
        var normalized = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (c is not ('-' or '_' or '.'))
            {
                normalized.Append(char.ToLowerInvariant(c));
            }
            else if (normalized.Length == 0 || normalized[^1] != '-')
            {
                normalized.Append('-');
            }
        }

        return normalized.ToString();
    }
}
