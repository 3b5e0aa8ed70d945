namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>The feeds of a snapshot being built, numbered as they come.</summary>
internal sealed class FeedTallies
{
    private readonly Dictionary<string, short> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<FeedTally> _tallies = [];

    public FeedTally this[short number] => _tallies[number];

    public IEnumerable<FeedTally> ByName => _numbers.OrderBy(feed => feed.Key, StringComparer.Ordinal).Select(feed => _tallies[feed.Value]);

    public string NameOf(short number) => _names[number];

    public short NumberOf(string name)
    {
        if (!_numbers.TryGetValue(name, out short number))
        {
            number = checked((short)_names.Count);
            _numbers.Add(name, number);
            _names.Add(name);
            _tallies.Add(new FeedTally(name));
        }

        return number;
    }
}
