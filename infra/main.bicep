// A scanner of its own: Flex Consumption plan, one storage account reached by identity alone, and telemetry.
// az deployment group create --resource-group GROUP --template-file infra/main.bicep --parameters name=scanner

@description('Begins the name of every resource.')
@minLength(3)
@maxLength(11)
param name string

@description('Region of every resource; Flex Consumption has to be offered there.')
param location string = resourceGroup().location

@description('Memory of one instance.')
@allowed([2048, 4096])
param instanceMemoryMB int = 2048

@description('How many instances share the work at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Makes this the cluster of another deployment, which has it scan what only this network reaches (docs/clusters.md); empty for none.')
@maxLength(40)
param clusterName string = ''

@description('Storage account of the deployment whose cluster this is, in the same resource group; empty for an account of its own.')
param centralStorageName string = ''

@description('Id of a container registry whose pushes are scanned: Event Grid puts its events into a queue of the storage account (docs/webhooks.md). Empty for none.')
param registryId string = ''

@description('Region of that registry.')
param registryLocation string = location

@description('Host of that registry as in names of images, its login server: events of no other are believed.')
param registryLoginServer string = ''

@description('Further settings by name, as in local.settings.sample.json: tokens (without any, every call is refused), registries.')
@secure()
param settings object = {}

var suffix = uniqueString(resourceGroup().id, name)
var packageContainer = 'packages'

// Triggers that a cluster leaves to the deployment whose cluster it is, and those that are for clusters only.
var centralTriggers = [
  'ScanQueue'
  'ScanPoisonQueue'
  'LayerQueue'
  'LayerPoisonQueue'
  'BackgroundQueue'
  'BackgroundPoisonQueue'
  'RegistryEventsQueue'
  'RegistryEventsPoisonQueue'
  'JobSweep'
  'StorageSweep'
  'AdvisoryRefresh'
  'ImageRematch'
  'WatchedImages'
  'ExceptionSweep'
  'NotificationQueue'
  'NotificationPoisonQueue'
  'NotificationSweep'
]
var clusterTriggers = ['ClusterQueue', 'ClusterPoisonQueue', 'ClusterBackgroundQueue', 'ClusterBackgroundPoisonQueue', 'ClusterHeartbeat']

// https://learn.microsoft.com/azure/azure-functions/disable-function
var disabled = toObject(empty(clusterName) ? clusterTriggers : centralTriggers, trigger => 'AzureWebJobs.${trigger}.Disabled', _ => 'true')

// The host resolves the queue's name also of a disabled trigger, and no cluster's queue has this one.
var clusterQueue = empty(clusterName) ? 'no-cluster' : 'scan-${clusterName}'

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var storageRoles = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}
var queueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-identity'
  location: location
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: take('${toLower(replace(name, '-', ''))}${suffix}', 24)
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: packageContainer
    }
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource registryEvents 'queues' = {
      name: 'registry-events'
    }
  }
}

resource storageAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(storageRoles): {
    name: guid(storage.id, identity.id, role.value)
    scope: storage
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

// Queues, jobs and results; the package of this deployment stays in its own account.
resource shared 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: empty(centralStorageName) ? storage.name : centralStorageName
}

resource sharedAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(storageRoles): if (!empty(centralStorageName)) {
    name: guid(centralStorageName, identity.id, role.value)
    scope: shared
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

// A cluster reads no events: the deployment whose cluster it is does.
var hasRegistryEvents = !empty(registryId) && empty(clusterName)

// The registry's events, straight into a queue: no request waits for a cold start, and none is lost while this app is away
// (https://learn.microsoft.com/azure/event-grid/handler-storage-queues, https://learn.microsoft.com/azure/event-grid/event-schema-container-registry).
resource events 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (hasRegistryEvents) {
  name: '${name}-registry'
  location: registryLocation
  identity: { type: 'SystemAssigned' }
  properties: {
    source: registryId
    topicType: 'Microsoft.ContainerRegistry.Registries'
  }

  resource pushes 'eventSubscriptions' = {
    name: 'registry-events'
    properties: {
      deliveryWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        destination: {
          endpointType: 'StorageQueue'
          properties: {
            resourceId: storage.id
            queueName: storage::queues::registryEvents.name
          }
        }
      }
      eventDeliverySchema: 'CloudEventSchemaV1_0'
      filter: {
        includedEventTypes: ['Microsoft.ContainerRegistry.ImagePushed', 'Microsoft.ContainerRegistry.ImageDeleted']
      }
    }
    dependsOn: [eventsAccess]
  }
}

resource eventsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasRegistryEvents) {
  name: guid(storage.id, registryId, queueDataMessageSender)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataMessageSender)
    principalId: events!.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    retentionInDays: 30
    sku: { name: 'PerGB2018' }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: logs.id
  }
}

resource insightsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.id, monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-plan'
  location: location
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-${suffix}'
  location: location
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
  }
  dependsOn: [storageAccess, sharedAccess]

  // FUNCTIONS_WORKER_RUNTIME is not among them: Flex Consumption takes it from functionAppConfig. The first refresh reads all feeds whole; this
  // plan lets it take longer than host.json, which fits every plan
  // (https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout).
  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union({
      AzureFunctionsJobHost__functionTimeout: '01:00:00'
      AzureWebJobsDisableHomepage: 'true'
      Advisories__RefreshMinutes: '55'
    }, hasRegistryEvents ? { Webhooks__eventgrid__Registries: registryLoginServer } : {}, settings, disabled, {
      Cluster__Name: clusterName
      ClusterQueue: clusterQueue
      AzureWebJobsStorage__blobServiceUri: shared.properties.primaryEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: shared.properties.primaryEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: shared.properties.primaryEndpoints.table
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    })
  }
}

output functionAppName string = app.name
output endpoint string = 'https://${app.properties.defaultHostName}'
