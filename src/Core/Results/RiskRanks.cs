namespace ImageScan.Core.Results;

/// <summary>
/// Places by risk: 1 is the riskiest; the same risk is the same place, and the next one follows without a gap
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/ranking/score_ranker.go).
/// </summary>
public sealed class RiskRanks
{
    private readonly float[] _ascending;

    private RiskRanks(float[] ascending) => _ascending = ascending;

    public static RiskRanks Of(IEnumerable<float> risks) => new([.. risks.Distinct().Order()]);

    /// <summary>One more than the number of different higher risks; for a risk that is not among them the place it would take.</summary>
    public long RankOf(float risk)
    {
        int low = 0;
        int high = _ascending.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _ascending[middle] > risk ? (low, middle) : (middle + 1, high);
        }

        return _ascending.Length - low + 1;
    }
}
