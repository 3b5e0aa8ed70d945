namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>What requests to AWS are signed with.</summary>
/// <param name="AccessKeyId">Says whose key it is.</param>
/// <param name="SecretAccessKey">The key itself; it is sent nowhere.</param>
/// <param name="SessionToken">Goes with a temporary key; "" for one that stays.</param>
public sealed record AwsKeys(string AccessKeyId, string SecretAccessKey, string SessionToken = "")
{
    // A record would print its members into any log line that mentions it.
    public override string ToString() => "AwsKeys";
}
