// A scanner: Flex Consumption plan, one storage account reached by identity alone, and telemetry. main.bicep makes the group too.
// az deployment group create --resource-group GROUP --template-file infra/scanner.bicep --parameters name=scanner
import { registry } from 'types.bicep'

@description('Begins the name of every resource.')
@minLength(3)
@maxLength(11)
param name string

@description('Region of every resource; Flex Consumption has to be offered there.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags object = {}

@description('The sha256, in hex, of the token of a first admin; without it, and without tokens or issuers in settings, every call is refused.')
@maxLength(64)
param tokenHash string = ''

@description('Further settings by name, as in local.settings.sample.json: tokens, issuers, registries.')
@secure()
param settings object = {}

@description('Memory of one instance.')
@allowed([2048, 4096])
param instanceMemoryMB int = 2048

@description('How many instances share the work at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Copies of what is stored: in one building, in three of the region, or in another region too.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS'])
param storageSku string = 'Standard_LRS'

@description('Whether the storage account is reached from a virtual network only, which is made and which the app joins.')
param privateNetwork bool = false

@description('Id of a subnet, delegated to Microsoft.App/environments, through which the app reaches registries; without effect if privateNetwork.')
param subnetId string = ''

@description('Makes this the cluster of another deployment, which has it scan what only this network reaches (docs/clusters.md); empty for none.')
@maxLength(40)
param clusterName string = ''

@description('Storage account of the deployment whose cluster this is, in the same resource group; empty for an account of its own.')
param centralStorageName string = ''

@description('Registries of Azure that the app may pull from: the id and the login server of each. It gets AcrPull and a login.')
param pullRegistries registry[] = []

@description('Id of a container registry whose pushes are scanned over Event Grid; in this subscription, without a system topic yet (docs/webhooks.md).')
param registryId string = ''

@description('Region of that registry.')
param registryLocation string = location

@description('Host of that registry as in names of images, its login server: events of no other are believed.')
param registryLoginServer string = ''

@description('Object id of a person or group that may read and write the storage account too, as imagescan advisories publish does.')
param operatorId string = ''

@description('What that id is of.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

@description('Whether there are alerts and a workbook (docs/operate.md).')
param alerts bool = true

@description('Id of the action group that is told of alerts; empty: they are shown and nobody is told.')
param actionGroupId string = ''

var suffix = uniqueString(resourceGroup().id, name)

// Names are known before anything is made, so that what-if can say what would be.
var storageName = take('${toLower(replace(name, '-', ''))}${suffix}', 24)
var insightsName = '${name}-insights'
var identityName = '${name}-identity'
var holder = '${resourceGroup().id}/${identityName}'

// A cluster reads no events: the deployment whose cluster it is does.
var hasRegistryEvents = !empty(registryId) && empty(clusterName)

// Numbered apart from those in settings, which may have any number below.
var firstPullRegistry = 100
var pullSettings = reduce(
  map(range(0, length(pullRegistries)), i => {
    'Registries__${firstPullRegistry + i}__Host': pullRegistries[i].loginServer
    'Registries__${firstPullRegistry + i}__Login': 'Azure'
    'Registries__${firstPullRegistry + i}__ClientId': identity.outputs.clientId
  }),
  {},
  (all, next) => union(all, next)
)
var tokenSettings = empty(tokenHash)
  ? {}
  : {
      Access__Tokens__100__Name: 'admin'
      Access__Tokens__100__Hash: toLower(tokenHash)
      Access__Tokens__100__Role: 'Admin'
    }
var eventSettings = hasRegistryEvents ? { Webhooks__eventgrid__Registries: registryLoginServer } : {}

module identity 'identity.bicep' = {
  params: {
    name: identityName
    location: location
    tags: tags
  }
}

module storage 'storage.bicep' = {
  params: {
    name: storageName
    location: location
    tags: tags
    sku: storageSku
    isClosed: privateNetwork
    takesEvents: hasRegistryEvents
  }
}

module storageRoles 'roles.bicep' = {
  params: {
    storageName: storageName
    holder: holder
    principalId: identity.outputs.principalId
    principalType: 'ServicePrincipal'
  }
  dependsOn: [storage]
}

// Queues, jobs and results are the central deployment's; the package of this one stays in its own account.
module sharedRoles 'roles.bicep' = if (!empty(centralStorageName)) {
  params: {
    storageName: centralStorageName
    holder: holder
    principalId: identity.outputs.principalId
    principalType: 'ServicePrincipal'
  }
}

module operatorRoles 'roles.bicep' = if (!empty(operatorId)) {
  params: {
    storageName: storageName
    holder: operatorId
    principalId: operatorId
    principalType: operatorType
  }
  dependsOn: [storage]
}

module network 'network.bicep' = if (privateNetwork) {
  params: {
    name: '${name}-network'
    location: location
    tags: tags
  }
}

module endpoints 'private-endpoints.bicep' = if (privateNetwork) {
  params: {
    storageName: storageName
    location: location
    tags: tags
    subnetId: network!.outputs.endpointSubnetId
    zoneIds: network!.outputs.zoneIds
  }
  dependsOn: [storage]
}

// The central deployment's account may be closed to everyone else as well.
module sharedEndpoints 'private-endpoints.bicep' = if (privateNetwork && !empty(centralStorageName)) {
  params: {
    storageName: centralStorageName
    location: location
    tags: tags
    subnetId: network!.outputs.endpointSubnetId
    zoneIds: network!.outputs.zoneIds
  }
}

module monitoring 'monitoring.bicep' = {
  params: {
    logsName: '${name}-logs'
    insightsName: insightsName
    location: location
    tags: tags
    publisher: holder
    publisherId: identity.outputs.principalId
  }
}

module alerting 'alerts.bicep' = if (alerts) {
  params: {
    name: name
    location: location
    tags: tags
    insightsId: resourceId('Microsoft.Insights/components', insightsName)
    storageId: resourceId('Microsoft.Storage/storageAccounts', storageName)
    actionGroupId: actionGroupId
  }
  dependsOn: [monitoring, storage]
}

module pulls 'registry-pull.bicep' = [
  for pulled in pullRegistries: {
    scope: resourceGroup(split(pulled.id, '/')[2], split(pulled.id, '/')[4])
    params: {
      registryName: last(split(pulled.id, '/'))
      holder: holder
      principalId: identity.outputs.principalId
    }
  }
]

module events 'registry-events.bicep' = if (hasRegistryEvents) {
  params: {
    name: '${name}-registry'
    location: registryLocation
    tags: tags
    registryId: registryId
    storageName: storageName
    queueName: storage.outputs.registryEventsQueue
  }
}

module app 'app.bicep' = {
  params: {
    name: '${name}-${suffix}'
    planName: '${name}-plan'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    packageStorageName: storageName
    packageContainer: storage.outputs.packageContainer
    workStorageName: empty(centralStorageName) ? storageName : centralStorageName
    insightsName: insightsName
    subnetId: privateNetwork ? network!.outputs.appSubnetId : subnetId
    clusterName: clusterName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    settings: union(tokenSettings, pullSettings, eventSettings, settings)
  }
  dependsOn: [storageRoles, sharedRoles, endpoints, sharedEndpoints, monitoring]
}

output functionAppName string = app.outputs.name
output endpoint string = app.outputs.endpoint
