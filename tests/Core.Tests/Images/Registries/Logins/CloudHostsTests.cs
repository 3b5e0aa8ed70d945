using ImageScan.Core.Images.Registries;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Tests.Images.Registries.Logins;

public sealed class CloudHostsTests
{
    [Theory]
    [InlineData("x.azurecr.io", true)]
    [InlineData("X.AZURECR.IO", true)]
    [InlineData("x.eastus.geo.azurecr.io", true)]
    [InlineData("x.azurecr.cn", true)]
    [InlineData("x.azurecr.us", true)]
    [InlineData("x.azurecr.io.evil.com", false)]
    [InlineData("azurecr.io", false)]
    [InlineData(".azurecr.io", false)]
    [InlineData("evilazurecr.io", false)]
    [InlineData("x.azurecr.io:8443", false)]
    [InlineData("x.azurecr.com", false)]
    public void OfAzure(string host, bool isOne) => Assert.Equal(isOne, CloudHosts.IsAzure(host));

    [Theory]
    [InlineData("gcr.io", true)]
    [InlineData("eu.gcr.io", true)]
    [InlineData("europe-west1-docker.pkg.dev", true)]
    [InlineData("gcr.io.evil.com", false)]
    [InlineData("evilgcr.io", false)]
    [InlineData("pkg.dev", false)]
    public void OfGoogle(string host, bool isOne) => Assert.Equal(isOne, CloudHosts.IsGoogle(host));

    // Hosts of https://github.com/awslabs/amazon-ecr-credential-helper/blob/v0.11.0/ecr-login/api/client_test.go, APIs of
    // https://docs.aws.amazon.com/general/latest/gr/ecr.html.
    [Theory]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com", "us-east-1", "api.ecr.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.EU-WEST-1.amazonaws.com", "eu-west-1", "api.ecr.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "api.ecr.cn-north-1.amazonaws.com.cn", "sts.cn-north-1.amazonaws.com.cn")]
    [InlineData("123456789012.dkr.ecr-fips.us-west-2.amazonaws.com", "us-west-2", "ecr-fips.us-west-2.amazonaws.com", "sts-fips.us-west-2.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "ecr-fips.us-gov-west-1.amazonaws.com", "sts.us-gov-west-1.amazonaws.com")]
    [InlineData("123456789012.dkr-ecr.us-west-2.on.aws", "us-west-2", "ecr.us-west-2.api.aws", "sts.us-west-2.amazonaws.com")]
    [InlineData("123456789012.dkr-ecr-fips.us-west-2.on.aws", "us-west-2", "ecr-fips.us-west-2.api.aws", "sts-fips.us-west-2.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "api.ecr.eusc-de-east-1.amazonaws.eu", "sts.eusc-de-east-1.amazonaws.eu")]
    public void OfAwsSayWhereTheirApiIs(string name, string region, string api, string sts) =>
        Assert.Equal(new EcrHost("123456789012", region, api, sts), EcrHost.Parse(name));

    // https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
    [Theory]
    [InlineData("eu-west-1", "amazonaws.com", "aws")]
    [InlineData("cn-northwest-1", "amazonaws.com.cn", "aws-cn")]
    [InlineData("us-gov-east-1", "amazonaws.com", "aws-us-gov")]
    [InlineData("eusc-de-east-1", "amazonaws.eu", "aws-eusc")]
    [InlineData("us-iso-west-1", "c2s.ic.gov", "aws-iso")]
    [InlineData("us-isob-east-1", "sc2s.sgov.gov", "aws-iso-b")]
    [InlineData("us-isof-south-1", "csp.hci.ic.gov", "aws-iso-f")]
    [InlineData("eu-isoe-west-1", "cloud.adc-e.uk", "aws-iso-e")]
    public void OfAwsAreInThePartitionOfTheirRegion(string region, string domain, string partition)
    {
        string name = EcrHost.NameOf("123456789012", region);

        Assert.Equal($"123456789012.dkr.ecr.{region}.{domain}", name);
        Assert.Equal((region, $"api.ecr.{region}.{domain}"), (EcrHost.Parse(name)?.Region, EcrHost.InRegion(region).Api));
        Assert.Equal(partition, EcrHost.PartitionOf(region));
    }

    [Theory]
    [InlineData("public.ecr.aws")]
    [InlineData("12345.dkr.ecr.us-east-1.amazonaws.com")]
    [InlineData(".dkr.ecr.us-east-1.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.us-west-2.amazonaws.com.fake.example.com")]
    [InlineData("evil.com.123456789012.dkr.ecr.us-west-2.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.us-west-2.amazonaws.com:8443")]
    [InlineData("123456789012.dkr.ecr.s3.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.on.aws.com.cn")]
    [InlineData("123456789012.dkr-ecr.us-west-2.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.us-west-2.on.aws")]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com\n")]
    public void OfAwsAreNoOthers(string name) => Assert.Null(EcrHost.Parse(name));

    [Theory]
    [InlineData("api.ecr.eu-west-1.amazonaws.com", true)]
    [InlineData("ecr-fips.us-east-1.amazonaws.com", true)]
    [InlineData("ecr.eu-west-1.api.aws", true)]
    [InlineData("vpce-0abc-1234.api.ecr.eu-west-1.vpce.amazonaws.com", true)]
    [InlineData("api.ecr.s3.amazonaws.com", false)]
    [InlineData("ec2-1-2-3-4.compute-1.amazonaws.com", false)]
    [InlineData("abc.execute-api.eu-west-1.amazonaws.com", false)]
    [InlineData("vpce-0abc.vpce-svc-0def.eu-west-1.vpce.amazonaws.com", false)]
    [InlineData("api.ecr.eu-west-1.amazonaws.com.evil.com", false)]
    public void OfTheApiOfEcr(string host, bool isOne) => Assert.Equal(isOne, EcrHost.IsApi(host));

    [Theory]
    [InlineData("https://vpce.example.internal", true, true)]
    [InlineData("api.ecr.eu-west-1.amazonaws.com", true, true)]
    [InlineData("http://127.0.0.1:5000", true, false)]
    [InlineData("http://[::1]:5000", true, false)]
    [InlineData("http://10.0.0.1", false, false)]
    [InlineData("http://api.ecr.eu-west-1.amazonaws.com", false, false)]
    [InlineData("https://ann:secret@example.com", false, false)]
    [InlineData("https://example.com?x=1", false, false)]
    [InlineData("ftp://example.com", false, false)]
    [InlineData("https://", false, false)]
    public void MayBeEndpointsIfSecretsCanGoThere(string text, bool isOfSettings, bool isOfOthers)
    {
        Assert.Equal((isOfSettings, isOfOthers), (CloudEndpoint.OfSettings(text) is not null, CloudEndpoint.OfOthers(text) is not null));
        Assert.Equal(isOfOthers ? AddressRule.Public : null, CloudEndpoint.OfOthers(text)?.Rule);
    }
}
