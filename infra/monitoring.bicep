// Where logs, traces and metrics go. Who writes them proves who it is: the connection string alone lets nobody in.
param logsName string
param insightsName string
param location string
param tags object

@description('The identity that sends: what tells it from others, and its object id.')
param publisher string
param publisherId string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor#monitoring-metrics-publisher
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

module logs 'workspace.bicep' = {
  params: {
    name: logsName
    location: location
    tags: tags
  }
}

// Spans of the Functions host have the paths of requests, which may be secrets of webhooks (docs/webhooks.md), and the host lets nobody change them. So the
// addresses of requests are dropped on their way into the table
// (https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-workspace); their names, made of routes, stay.
resource addresses 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: '${logsName}-addresses'
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    destinations: {
      logAnalytics: [
        {
          name: 'logs'
          workspaceResourceId: logs.outputs.id
        }
      ]
    }
    dataFlows: [
      {
        streams: ['Microsoft-Table-AppRequests']
        destinations: ['logs']
        transformKql: 'source | extend Url = ""'
      }
    ]
  }
}

// A workspace names its rule, and the rule the workspace: it is made first, and told of the rule here.
module ruledLogs 'workspace.bicep' = {
  params: {
    name: logsName
    location: location
    tags: tags
    ruleId: addresses.id
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: logs.outputs.id
  }
  dependsOn: [ruledLogs]
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, publisher, monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: publisherId
    principalType: 'ServicePrincipal'
  }
}

output insightsId string = insights.id
