using System.Text.RegularExpressions;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// What the host of a registry of Amazon ECR says
/// (https://github.com/awslabs/amazon-ecr-credential-helper/blob/v0.11.0/ecr-login/api/client.go, ecrPattern;
/// https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html).
/// </summary>
/// <param name="Account">The account whose registry it is: twelve digits.</param>
/// <param name="Region">Its region.</param>
/// <param name="Api">The host of ECR's own API there.</param>
/// <param name="Sts">The host of the Security Token Service there.</param>
internal sealed partial record EcrHost(string Account, string Region, string Api, string Sts)
{
    // By the beginning of the region's name; all others are in the first partition there was
    // (https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json).
    private static readonly (string Region, string Domain, string Partition)[] Partitions =
    [
        ("cn-", "amazonaws.com.cn", "aws-cn"),
        ("us-gov-", "amazonaws.com", "aws-us-gov"),
        ("eusc-", "amazonaws.eu", "aws-eusc"),
        ("us-iso-", "c2s.ic.gov", "aws-iso"),
        ("us-isob-", "sc2s.sgov.gov", "aws-iso-b"),
        ("us-isof-", "csp.hci.ic.gov", "aws-iso-f"),
        ("eu-isoe-", "cloud.adc-e.uk", "aws-iso-e"),
    ];

    /// <summary>The host of an account's private registry in a region.</summary>
    public static string NameOf(string account, string region) => $"{account}.dkr.ecr.{region}.{In(region).Domain}";

    /// <summary>Reads a host as in image names; null if it is no private registry of ECR.</summary>
    public static EcrHost? Parse(string host)
    {
        Match match = Pattern().Match(host);
        if (!match.Success)
        {
            return null;
        }

        string region = match.Groups["region"].Value.ToLowerInvariant();
        bool isFips = match.Groups["fips"].Success;
        string domain = match.Groups["domain"].Value.ToLowerInvariant();
        string ipv4 = domain switch
        {
            "on.aws" => "amazonaws.com",
            "on.amazonwebservices.com.cn" => "amazonaws.com.cn",
            _ => domain,
        };

        // Hosts that also have IPv6 addresses have their API elsewhere (https://docs.aws.amazon.com/general/latest/gr/ecr.html).
        string api = domain switch
        {
            "on.aws" => $"{(isFips ? "ecr-fips" : "ecr")}.{region}.api.aws",
            "on.amazonwebservices.com.cn" => $"ecr.{region}.api.amazonwebservices.com.cn",
            _ => isFips ? $"ecr-fips.{region}.{domain}" : $"api.ecr.{region}.{domain}",
        };
        return new EcrHost(match.Groups["account"].Value, region, api, StsOf(region, isFips, ipv4));
    }

    /// <summary>Where ECR and STS are in a region whose registry has another name.</summary>
    public static EcrHost InRegion(string region)
    {
        string domain = In(region).Domain;
        return new EcrHost("", region, $"api.ecr.{region}.{domain}", StsOf(region, isFips: false, domain));
    }

    /// <summary>Whether it can be a region, and so a part of a host.</summary>
    public static bool IsRegion(string region) => RegionPattern().IsMatch(region);

    /// <summary>
    /// Whether a host is that of ECR's API and not only somewhere below a domain of AWS, where anybody may have a host: also one in a network of the
    /// customer's (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html).
    /// </summary>
    public static bool IsApi(string host) => ApiPattern().IsMatch(host);

    /// <summary>The partition of a region, as ARNs have it (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).</summary>
    public static string PartitionOf(string region) => In(region).Partition;

    private static (string Domain, string Partition) In(string region)
    {
        int at = Array.FindIndex(Partitions, partition => region.StartsWith(partition.Region, StringComparison.Ordinal));
        return at >= 0 ? (Partitions[at].Domain, Partitions[at].Partition) : ("amazonaws.com", "aws");
    }

    // In GovCloud the usual host is the FIPS one (https://docs.aws.amazon.com/general/latest/gr/sts.html).
    private static string StsOf(string region, bool isFips, string domain) =>
        $"{(isFips && !region.StartsWith("us-gov-", StringComparison.Ordinal) ? "sts-fips" : "sts")}.{region}.{domain}";

    // A region and nothing else that may stand there: "api.ecr.s3.amazonaws.com" is somebody's bucket.
    private const string RegionForm = "[a-z]{2,4}(-[a-z]{2,12}){1,2}-[0-9]{1,2}";

    [GeneratedRegex(
        @"\A(?<account>[0-9]{12})\.dkr(\.ecr(?<fips>-fips)?\.(?<region>" + RegionForm + @")\."
        + @"(?<domain>amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
        + @"|-ecr(?<fips>-fips)?\.(?<region>" + RegionForm + @")\.(?<domain>on\.aws|on\.amazonwebservices\.com\.cn))\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\A" + RegionForm + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionPattern();

    [GeneratedRegex(
        @"\A((api\.ecr|ecr|ecr-fips)\." + RegionForm + @"\.amazonaws\.(com|com\.cn|eu)"
        + @"|(ecr|ecr-fips)\." + RegionForm + @"\.api\.(aws|amazonwebservices\.com\.cn)"
        + @"|vpce-[a-z0-9-]{1,63}\.api\.ecr\." + RegionForm + @"\.vpce\.amazonaws\.(com|com\.cn))\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ApiPattern();
}
