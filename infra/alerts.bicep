// What somebody should look at, and a workbook to look at it with. docs/operate.md has a section for each alert: what it means, and what to do.
param location string
param name string

@description('Application Insights, where metrics go.')
param insightsId string

@description('The storage account of queues, jobs and results.')
param storageId string

@description('Whom to tell; empty: alerts are shown and nobody is told.')
param actionGroupId string = ''
param tags object = {}

var actions = empty(actionGroupId) ? [] : [actionGroupId]

// A counter's sum is in valueSum, a histogram's in valueSum and valueCount, the largest in valueMax
// (https://learn.microsoft.com/azure/azure-monitor/reference/tables/appmetrics; by the names of Application Insights,
// https://learn.microsoft.com/azure/azure-monitor/app/convert-classic-resource#table-structure).
// Each query gives a row for what is wrong, and none if nothing is. All but the first count what the app tells, so they are silent where it is:
// a gauge that every instance tells with each export says whether there is one. Without "by", summarize gives a row of 0 for no rows
// (https://learn.microsoft.com/kusto/query/summarize-operator).
var alerts = [
  {
    name: 'no-signs'
    title: 'Nothing is heard of the app'
    severity: 1
    every: 'PT10M'
    within: 'PT30M'
    query: '''
customMetrics
| where name == 'imagescan.advisories.age'
| summarize points = count()
| where points == 0
'''
  }
  {
    name: 'failed-scans'
    title: 'Scans fail'
    severity: 2
    every: 'PT10M'
    within: 'PT30M'
    query: '''
customMetrics
| where name == 'imagescan.scans'
| extend result = tostring(customDimensions['imagescan.result']), error = tostring(customDimensions['error.type'])
| where error !in ('NotFound', 'Refused', 'AddressRefused')
| summarize failed = sumif(valueSum, result == 'failed'), total = sum(valueSum)
| where failed >= 5 and failed > total * 0.2
'''
  }
  {
    name: 'queue-age'
    title: 'Scans wait in their queue'
    severity: 2
    every: 'PT5M'
    within: 'PT15M'
    query: '''
customMetrics
| where name == 'imagescan.queue.age'
| extend queue = tostring(customDimensions['messaging.destination.name'])
| where queue in ('image-scans', 'layer-scans')
| summarize oldest = max(valueMax) by queue
| where oldest > 300
'''
  }
  {
    name: 'poison-messages'
    title: 'Messages were given up'
    severity: 2
    every: 'PT5M'
    within: 'PT15M'
    query: '''
customMetrics
| where name == 'imagescan.queue.poison'
| summarize messages = sum(valueSum) by queue = tostring(customDimensions['messaging.destination.name'])
| where messages > 0
'''
  }
  {
    name: 'stale-advisories'
    title: 'Advisories are old'
    severity: 2
    every: 'PT1H'
    within: 'PT6H'
    query: '''
customMetrics
| where name == 'imagescan.advisories.age'
| summarize arg_max(timestamp, value) by cloud_RoleInstance
| summarize age = min(value)
| where age > 172800
'''
  }
  {
    name: 'stale-feed'
    title: 'A feed has said nothing new for long'
    severity: 3
    every: 'PT6H'
    within: 'P1D'
    query: '''
customMetrics
| where name == 'imagescan.feed.age'
| summarize arg_max(timestamp, value) by feed = tostring(customDimensions['imagescan.feed'])
| where value > 2592000
'''
  }
  {
    name: 'server-errors'
    title: 'Requests fail for reasons of ours'
    severity: 2
    every: 'PT5M'
    within: 'PT15M'
    query: '''
customMetrics
| where name == 'imagescan.requests'
| where tostring(customDimensions['imagescan.operation']) != 'Ready'
| summarize failed = sumif(valueSum, tostring(customDimensions['imagescan.status']) == '5xx'), total = sum(valueSum)
| where failed >= 10 and failed > total * 0.05
'''
  }
  {
    name: 'failed-notifications'
    title: 'Notifications were given up'
    severity: 3
    every: 'PT15M'
    within: 'PT1H'
    query: '''
customMetrics
| where name == 'imagescan.notifications'
| where tostring(customDimensions['imagescan.result']) == 'failed'
| summarize failed = sum(valueSum)
| where failed > 0
'''
  }
  {
    name: 'registry-throttling'
    title: 'Registries ask for fewer requests'
    severity: 3
    every: 'PT15M'
    within: 'PT30M'
    query: '''
customMetrics
| where name == 'imagescan.registry.requests'
| where tostring(customDimensions['imagescan.status']) == '429'
| summarize refused = sum(valueSum)
| where refused >= 20
'''
  }
  {
    name: 'lost-jobs'
    title: 'Jobs were lost and taken up again'
    severity: 2
    every: 'PT10M'
    within: 'PT30M'
    query: '''
customMetrics
| where name == 'imagescan.jobs.resumed'
| summarize jobs = sum(valueSum)
| where jobs >= 5
'''
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [
  for alert in alerts: {
    name: '${name}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${alert.title}'
      description: 'docs/operate.md#${alert.name}'
      severity: alert.severity
      enabled: true
      evaluationFrequency: alert.every
      windowSize: alert.within
      scopes: [insightsId]
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: actions }
    }
  }
]

// https://learn.microsoft.com/azure/storage/common/storage-metrics-migration, the values of ResponseType:
// https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-storage-storageaccounts-metrics.
resource storageThrottling 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-storage-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'docs/operate.md#storage-throttling'
    severity: 2
    enabled: true
    scopes: [storageId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'refused'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: ['ClientThrottlingError', 'ClientAccountRequestThrottlingError', 'ServerBusyError']
            }
          ]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 100
        }
      ]
    }
    autoMitigate: true
    actions: [for group in actions: { actionGroupId: group }]
  }
}

// Its name must be a GUID (https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-automate).
resource workbook 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(insightsId, 'imagescan')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: '${name}: image scans'
    category: 'workbook'
    sourceId: insightsId
    serializedData: replace(loadTextContent('workbook.json'), 'INSIGHTS_ID', insightsId)
  }
}

output workbookId string = workbook.id
