using System.Globalization;

namespace ImageScan.Benchmarks.Scale;

/// <summary>What one kind of scan takes; the columns of <c>kinds.tsv</c>.</summary>
internal sealed record ScanKind(
    string Name,
    double Share,
    double CpuSeconds,
    double PulledMebibytes,
    double TableRequests,
    double ImagesRows,
    double FirstOccurrencesRows,
    double QueueRequests,
    double BlobWrites,
    double BlobReads,
    double Executions,
    double TableKibibytes,
    double BlobKibibytes);

/// <summary>The measured figures, prices and limits that the model goes by: two small tables beside this program.</summary>
internal sealed class ScaleInputs
{
    private readonly Dictionary<string, double> _prices;

    private ScaleInputs(IReadOnlyList<ScanKind> kinds, Dictionary<string, double> prices)
    {
        Kinds = kinds;
        _prices = prices;
    }

    /// <summary>Their shares add up to one.</summary>
    public IReadOnlyList<ScanKind> Kinds { get; }

    /// <summary>A price, limit or assumption by its name in <c>prices.tsv</c>.</summary>
    public double this[string name] => _prices[name];

    /// <summary>Reads both. Throws <see cref="InvalidDataException"/> if the shares are not a whole.</summary>
    public static ScaleInputs Read()
    {
        List<ScanKind> kinds = [.. Lines("kinds.tsv").Select(KindOf)];
        return Math.Abs(kinds.Sum(kind => kind.Share) - 1) < 1e-9
            ? new ScaleInputs(kinds, Lines("prices.tsv").ToDictionary(fields => fields[0], fields => Number(fields[1])))
            : throw new InvalidDataException("The shares in kinds.tsv do not add up to 100.");
    }

    /// <summary>The mean over the mix of scans.</summary>
    public double Mean(Func<ScanKind, double> of) => Kinds.Sum(kind => kind.Share * of(kind));

    private static IEnumerable<string[]> Lines(string file) => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Scale", file))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t'));

    private static ScanKind KindOf(string[] fields)
    {
        double[] n = [.. fields.Skip(1).Select(Number)];
        return new ScanKind(fields[0], n[0] / 100, n[1] / 1000, n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
