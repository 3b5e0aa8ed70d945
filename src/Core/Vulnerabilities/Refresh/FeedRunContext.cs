namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>What the updates of one run share.</summary>
/// <param name="Packs">What earlier runs have kept.</param>
/// <param name="Http">Asks for addresses.</param>
/// <param name="Time">The clock.</param>
/// <param name="Reader">Stands for this build of the program.</param>
internal sealed record FeedRunContext(FeedPacks Packs, HttpClient Http, TimeProvider Time, string Reader);

/// <summary>What becomes of a feed that has lost more than half of its records.</summary>
internal enum FeedShrink
{
    Refused,
    Accepted,
}
