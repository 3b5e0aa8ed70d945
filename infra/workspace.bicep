// The Log Analytics workspace, with or without the rule that rewrites what comes in.
param name string
param location string
param tags object

@description('The rule by which rows are rewritten before they are kept; empty for none.')
param ruleId string = ''

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    defaultDataCollectionRuleResourceId: empty(ruleId) ? null : ruleId
    retentionInDays: 30
    sku: { name: 'PerGB2018' }
  }
}

output id string = logs.id
