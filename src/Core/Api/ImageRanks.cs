using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>
/// Every image's place by risk: 1 is the riskiest, equals share a place and leave no gap, as in StackRox's ranker (pkg/ranking).
/// </summary>
public sealed class ImageRanks
{
    private readonly float[] _ascending;

    private ImageRanks(float[] ascending) => _ascending = ascending;

    public static ImageRanks Of(IEnumerable<ListedImage> images) => new([.. images.Select(image => image.Summary.RiskScore).Distinct().Order()]);

    /// <summary>One more than the number of different higher risks; for an image that is not among them the place it would take.</summary>
    public long RankOf(float riskScore)
    {
        int low = 0;
        int high = _ascending.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _ascending[middle] > riskScore ? (low, middle) : (middle + 1, high);
        }

        return _ascending.Length - low + 1;
    }
}
