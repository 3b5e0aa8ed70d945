// The function app and its plan.
param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string

@description('Account and container of the app\'s package.')
param packageStorageName string
param packageContainer string

@description('Account of queues, jobs and results.')
param workStorageName string
param insightsName string

@description('Subnet that the app joins; empty for none.')
param subnetId string

@description('The cluster that it is of another deployment; empty if it is none.')
param clusterName string
param instanceMemoryMB int
param maximumInstanceCount int

@secure()
param settings object

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
var clusterTriggers = [
  'ClusterQueue'
  'ClusterPoisonQueue'
  'ClusterBackgroundQueue'
  'ClusterBackgroundPoisonQueue'
  'ClusterHeartbeat'
]

// https://learn.microsoft.com/azure/azure-functions/disable-function
var disabled = toObject(
  empty(clusterName) ? clusterTriggers : centralTriggers,
  trigger => 'AzureWebJobs.${trigger}.Disabled',
  _ => 'true'
)

// The host resolves the queue's name also of a disabled trigger, and no cluster's queue has this one.
var clusterQueue = empty(clusterName) ? 'no-cluster' : 'scan-${clusterName}'

// azd deploys to the one resource of a group that has this tag (docs/deploy.md); without azd nobody asks for it.
var appTags = contains(tags, 'azd-env-name') ? union(tags, { 'azd-service-name': 'api' }) : tags

resource packages 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: packageStorageName
}

resource work 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: workStorageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: appTags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true

    // Else references to Key Vault in settings are asked for by the system's identity, which there is none of
    // (https://learn.microsoft.com/azure/app-service/app-service-key-vault-references).
    keyVaultReferenceIdentity: identityId
    siteConfig: { minTlsVersion: '1.2' }
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${packages.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
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

  // FUNCTIONS_WORKER_RUNTIME is not among them: Flex Consumption takes it from functionAppConfig. The first refresh reads all feeds whole; this
  // plan lets it take longer than host.json, which fits every plan
  // (https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout). At / there is our own page
  // (https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Middleware/HomepageMiddleware.cs).
  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        AzureFunctionsJobHost__functionTimeout: '01:00:00'
        Advisories__RefreshMinutes: '55'
      },
      settings,
      disabled,
      {
        Cluster__Name: clusterName
        ClusterQueue: clusterQueue
        AzureWebJobsDisableHomepage: 'true'
        AzureWebJobsStorage__blobServiceUri: work.properties.primaryEndpoints.blob
        AzureWebJobsStorage__queueServiceUri: work.properties.primaryEndpoints.queue
        AzureWebJobsStorage__tableServiceUri: work.properties.primaryEndpoints.table
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identityClientId

        // Integrations and notifications may name no identity, and would ask for the system's, which there is none of
        // (https://learn.microsoft.com/dotnet/api/azure.identity.defaultazurecredentialoptions.managedidentityclientid).
        AZURE_CLIENT_ID: identityClientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      }
    )
  }

  // Packages are deployed by identity; the user name and password that every app has of its own are of no use
  // (https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable).
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output name string = app.name
output endpoint string = 'https://${app.properties.defaultHostName}'
