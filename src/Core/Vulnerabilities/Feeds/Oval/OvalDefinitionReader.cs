namespace ImageScan.Core.Vulnerabilities.Feeds.Oval;

/// <summary>Reads one <c>definition</c>.</summary>
internal sealed class OvalDefinitionReader(ForwardXml xml)
{
    // Oracle's largest has some ten thousand.
    private const int MaxConditions = 200_000;
    private const int MaxEntries = 10_000;
    private const int MaxTextLength = 1024;

    private int _conditions;

    /// <summary>
    /// Reads the definition that begins here, to its end; null if it has no id, or more in it than is sane. Throws
    /// <see cref="InvalidDataException"/> where the document is broken.
    /// </summary>
    public async Task<OvalDefinition?> ReadAsync(CancellationToken cancellationToken)
    {
        var definition = new OvalDefinition { Id = xml.Attribute("id") ?? "" };
        int depth = xml.Depth;
        _conditions = 0;
        bool isSane = true;
        bool isEmpty = xml.IsEmpty;
        while (!isEmpty && await xml.ReadAsync(cancellationToken) && !(xml.IsEnd && xml.Depth == depth))
        {
            if (xml.IsStart)
            {
                await TakeAsync(definition, cancellationToken);
                isSane &= _conditions <= MaxConditions
                    && definition.Platforms.Count + definition.References.Count + definition.Cves.Count <= MaxEntries;
                if (!isSane)
                {
                    definition.References.Clear();
                    definition.Cves.Clear();
                    definition.Platforms.Clear();
                    definition.Criteria = null;
                }
            }
        }

        return isSane && definition.Id.Length > 0 ? definition : null;
    }

    private async Task TakeAsync(OvalDefinition definition, CancellationToken cancellationToken)
    {
        switch (xml.Name)
        {
            case "title":
                definition.Title = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "platform":
                definition.Platforms.Add(await xml.TextAsync(MaxTextLength, cancellationToken));
                break;
            case "reference":
                definition.References.Add(new OvalReference(xml.Attribute("source") ?? "", xml.Attribute("ref_id") ?? "", xml.Attribute("ref_url") ?? ""));
                break;
            case "severity":
                definition.Severity = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "issued":
                definition.Issued = xml.Attribute("date");
                break;
            case "cve":
                (string? cvss2, string? cvss3) = (xml.Attribute("cvss2"), xml.Attribute("cvss3"));
                definition.Cves.Add(new OvalCve(await xml.TextAsync(MaxTextLength, cancellationToken), cvss2, cvss3));
                break;
            case "patchable":
                definition.Patchable = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "advisory_date":
                definition.AdvisoryDate = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "advisory_id":
                definition.AdvisoryId = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "criteria":
                definition.Criteria = await CriteriaAsync(cancellationToken);
                break;
            default:
                break;
        }
    }

    // ForwardXml bounds how deep it goes.
    private async Task<OvalCriteria> CriteriaAsync(CancellationToken cancellationToken)
    {
        // "AND" is what none means (the schema's default).
        var criteria = new OvalCriteria { IsAny = string.Equals(xml.Attribute("operator"), "OR", StringComparison.OrdinalIgnoreCase) };
        int depth = xml.Depth;
        bool isEmpty = xml.IsEmpty;
        while (!isEmpty && await xml.ReadAsync(cancellationToken) && !(xml.IsEnd && xml.Depth == depth))
        {
            if (!xml.IsStart || xml.Name is not ("criteria" or "criterion"))
            {
                continue;
            }

            if (++_conditions > MaxConditions)
            {
                await xml.SkipAsync(cancellationToken);
            }
            else if (xml.Name == "criteria")
            {
                criteria.Groups.Add(await CriteriaAsync(cancellationToken));
            }
            else
            {
                criteria.Tests.Add(new OvalCriterion(xml.Attribute("test_ref") ?? "", xml.Attribute("comment") ?? ""));
            }
        }

        return criteria;
    }
}
